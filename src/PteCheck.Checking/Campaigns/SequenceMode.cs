using PteCheck.Checking.Generation;

namespace PteCheck.Checking.Campaigns;

/// <summary>How many cases of a campaign run other operations before and behind the one under test.</summary>
public enum SequenceMode
{
    /// <summary>Some: about one in seven of those without interference.</summary>
    On,

    /// <summary>None: the operation alone.</summary>
    Off,

    /// <summary>All, and none with interference.</summary>
    Only,
}

/// <summary>What a mode means to the generator.</summary>
public static class SequenceModes
{
    /// <summary>How many cases of a hundred are sequences.</summary>
    public static int Percent(this SequenceMode mode) =>
        mode switch
        {
            SequenceMode.Off => 0,
            SequenceMode.Only => 100,
            _ => GeneratorOptions.UsualSequencePercent,
        };
}
