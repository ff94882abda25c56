using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Generation;

/// <summary>What is fixed for all cases of a campaign.</summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="ShadowStack">x86-64 with shadow stacks: half of the private anonymous VMAs are shadow stacks.</param>
/// <param name="Bbml2">arm64 with BBML2_NOABORT.</param>
/// <param name="Operation">Index of the operation in the catalog.</param>
public readonly record struct GeneratorOptions(
    Architecture Architecture,
    bool ShadowStack,
    bool Bbml2,
    byte Operation = 0
);
