using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Generation;

/// <summary>What is fixed for all cases of a campaign.</summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="ShadowStack">x86-64 with shadow stacks: half of the private anonymous VMAs are shadow stacks.</param>
/// <param name="Bbml2">arm64 with BBML2_NOABORT.</param>
/// <param name="Operation">Index of the operation in the catalog.</param>
/// <param name="InterleavedPercent">How many cases of a hundred have steps of others, 0 to 100.</param>
/// <param name="SequencePercent">How many of the others are sequences of operations, 0 to 100; at 100 all are.</param>
public readonly record struct GeneratorOptions(
    Architecture Architecture,
    bool ShadowStack,
    bool Bbml2,
    byte Operation = 0,
    int InterleavedPercent = GeneratorOptions.UsualInterleavedPercent,
    int SequencePercent = GeneratorOptions.UsualSequencePercent
)
{
    /// <summary>One case in five is interleaved, unless a campaign asks for none or for all of them.</summary>
    public const int UsualInterleavedPercent = 20;

    /// <summary>About one in seven of the others is a sequence, unless a campaign asks for none or for nothing else.</summary>
    public const int UsualSequencePercent = 15;
}
