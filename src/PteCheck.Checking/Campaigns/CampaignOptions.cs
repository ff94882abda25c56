using PteCheck.Checking.Generation;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Campaigns;

/// <summary>How far a campaign has come.</summary>
/// <param name="Name">Implementation and architecture.</param>
/// <param name="Cases">Cases judged.</param>
/// <param name="OfCases">Cases to judge; null when time decides.</param>
/// <param name="Violations">Distinct signatures so far.</param>
public sealed record CampaignProgress(string Name, long Cases, long? OfCases, int Violations);

/// <summary>What to judge, on which cases.</summary>
public sealed record CampaignOptions
{
    /// <summary>The operation.</summary>
    public required IOperation Operation { get; init; }

    /// <summary>The candidate.</summary>
    public required Implementation Implementation { get; init; }

    /// <summary>The architecture.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>The generation of primitives; null for the implementation's own.</summary>
    public KernelVersion? Kernel { get; init; }

    /// <summary>x86-64 with shadow stacks.</summary>
    public bool ShadowStack { get; init; }

    /// <summary>arm64 with BBML2_NOABORT.</summary>
    public bool Bbml2 { get; init; }

    /// <summary>How many cases are interleaved.</summary>
    public InterferenceMode Interference { get; init; }

    /// <summary>How many cases are sequences of operations.</summary>
    public SequenceMode Sequences { get; init; }

    /// <summary>The seed; case i is a function of seed and i.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Cases; null where <see cref="Time"/> decides.</summary>
    public long? Cases { get; init; }

    /// <summary>Time after which no further block of cases is begun.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Threads.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>This shard, from 1, and how many there are; a shard judges every n-th block of 4,096 cases.</summary>
    public (int Index, int Count) Shard { get; init; } = (1, 1);

    /// <summary>Told of progress, from any thread.</summary>
    public IProgress<CampaignProgress>? Progress { get; init; }

    /// <summary>The generation of primitives in force.</summary>
    public KernelVersion EffectiveKernel => Kernel ?? Implementation.Kernel;

    /// <summary>What the generator must know.</summary>
    public GeneratorOptions Generator =>
        new(
            Architecture,
            ShadowStack,
            Bbml2,
            OperationCatalog.IndexOf(Operation),
            Interference.Percent(),
            Sequences.Percent()
        );
}

/// <summary>Cases of a campaign, for each operation, implementation and architecture.</summary>
public static class Profiles
{
    /// <summary>For a gate on every change: all operations in under a minute on two cores.</summary>
    public const long Gate = 40 * CaseBlock.Cases;

    /// <summary>For the night: a hundred times as many.</summary>
    public const long Nightly = 100 * Gate;
}
