using PteCheck.Checking.Generation;

namespace PteCheck.Checking.Campaigns;

/// <summary>How many cases of a campaign have steps of other CPUs and devices.</summary>
public enum InterferenceMode
{
    /// <summary>Some: one in five.</summary>
    On,

    /// <summary>None: every run has the machine to itself.</summary>
    Off,

    /// <summary>All; then only the oracles that need no reference judge.</summary>
    Only,
}

/// <summary>What a mode means to the generator.</summary>
public static class InterferenceModes
{
    /// <summary>How many cases of a hundred are interleaved.</summary>
    public static int Percent(this InterferenceMode mode) =>
        mode switch
        {
            InterferenceMode.Off => 0,
            InterferenceMode.Only => 100,
            _ => GeneratorOptions.UsualInterleavedPercent,
        };
}
