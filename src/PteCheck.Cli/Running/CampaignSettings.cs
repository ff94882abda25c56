using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Cli.Running;

/// <summary>What is to be judged and for how long, as the options say it.</summary>
public sealed record CampaignSettings
{
    /// <summary>Whom.</summary>
    public required IReadOnlyList<Implementation> Implementations { get; init; }

    /// <summary>On which architectures.</summary>
    public required IReadOnlyList<Architecture> Architectures { get; init; }

    /// <summary>Cases for each implementation and architecture; null with <see cref="Time"/>.</summary>
    public long? Cases { get; init; }

    /// <summary>Time for all of them together; null with <see cref="Cases"/>.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How many cases are interleaved.</summary>
    public InterferenceMode Interference { get; init; }

    /// <summary>How many cases are sequences of operations.</summary>
    public SequenceMode Sequences { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>Which part of the cases, from 1, of how many.</summary>
    public (int Index, int Count) Shard { get; init; } = (1, 1);

    /// <summary>The generation of the primitives; null for each implementation's own.</summary>
    public KernelVersion? Kernel { get; init; }

    /// <summary>x86-64 with shadow stacks.</summary>
    public bool ShadowStack { get; init; }

    /// <summary>arm64 with BBML2_NOABORT.</summary>
    public bool Bbml2 { get; init; }
}
