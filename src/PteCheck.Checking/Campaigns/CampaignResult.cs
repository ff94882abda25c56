using PteCheck.Checking.Oracles;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Campaigns;

/// <summary>A violation as reports show it: minimal, with its cause, in words.</summary>
public sealed record Violation
{
    private readonly string? place;

    /// <summary>The primary rule.</summary>
    public required Rule Rule { get; init; }

    /// <summary>Number of the known finding that it is, for instance <c>F1</c>; null when it is new.</summary>
    public string? Known { get; init; }

    /// <summary>Why a known finding is known and not mended, in one sentence; else empty.</summary>
    public string KnownReason { get; init; } = "";

    /// <summary>Operation, implementation, rule and role, as one string.</summary>
    public required string Signature { get; init; }

    /// <summary>Names of the decisions that cause it, in the operation's order.</summary>
    public required IReadOnlyList<string> Cause { get; init; }

    /// <summary>Ids of the other rules that the minimal scenario breaks.</summary>
    public required IReadOnlyList<string> AlsoBroken { get; init; }

    /// <summary>One sentence: what is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>
    /// The place by its name in the scenario, for instance <c>dst+1</c>; in a sequence with the operation that broke
    /// the rule: <c>dst+1, operation 2 (mremap src to dst)</c>.
    /// </summary>
    public required string Where { get; init; }

    /// <summary>The place alone.</summary>
    public string Place
    {
        get => place ?? Where;
        init => place = value;
    }

    /// <summary>What the reference leaves there, in the letters of scenario files.</summary>
    public required string Reference { get; init; }

    /// <summary>What the candidate leaves there.</summary>
    public required string Candidate { get; init; }

    /// <summary>The minimal scenario.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>Finding of the minimal scenario behind this violation.</summary>
    public required Finding Finding { get; init; }

    /// <summary>The line of a subject at which it happened; null for other implementations, or where no line is to blame.</summary>
    public SourceSite? Site { get; init; }

    /// <summary>Steps of interference in the minimal scenario.</summary>
    public int InterferenceSteps { get; init; }

    /// <summary>Cases judged until it was found, counting its own.</summary>
    public long FoundAfterCases { get; init; }

    /// <summary>Candidates that the minimizer judged.</summary>
    public int ShrinkEvaluations { get; init; }

    /// <summary>Seconds from the start until it was found.</summary>
    public double FoundAfterSeconds { get; init; }
}

/// <summary>What the cases of a campaign covered.</summary>
public sealed record Coverage
{
    /// <summary>Batches of two entries or more.</summary>
    public long Batches { get; init; }

    /// <summary>Entries of the longest batch.</summary>
    public int LongestBatch { get; init; }

    /// <summary>Runs that aborted half way (operations that can).</summary>
    public long Aborts { get; init; }

    /// <summary>Cases in which others acted in between: the run came to the anchor of one of their steps.</summary>
    public long Interleaved { get; init; }

    /// <summary>Cases that were sequences of operations.</summary>
    public long Sequences { get; init; }

    /// <summary>Entry kinds seen next to a batch.</summary>
    public IReadOnlyList<string> KindsBesideABatch { get; init; } = [];

    /// <summary>Coverage cells by name and the number of cases that hit each.</summary>
    public IReadOnlyDictionary<string, long> Cells { get; init; } =
        new Dictionary<string, long>(StringComparer.Ordinal);
}

/// <summary>The verdict on one implementation, architecture and kernel generation.</summary>
public sealed record CampaignResult
{
    /// <summary>The operation.</summary>
    public required IOperation Operation { get; init; }

    /// <summary>The implementation judged.</summary>
    public required Implementation Implementation { get; init; }

    /// <summary>The architecture.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>The generation of the primitives.</summary>
    public required KernelVersion Kernel { get; init; }

    /// <summary>The verdict.</summary>
    public required VerdictKind Verdict { get; init; }

    /// <summary>Why it is not applicable, or what was covered.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Cases judged.</summary>
    public long Cases { get; init; }

    /// <summary>Whether a scope was enumerated completely.</summary>
    public bool Complete { get; init; }

    /// <summary>The seed; null for a replay.</summary>
    public ulong? Seed { get; init; }

    /// <summary>How many cases were interleaved.</summary>
    public InterferenceMode Interference { get; init; }

    /// <summary>How many cases were sequences of operations.</summary>
    public SequenceMode Sequences { get; init; }

    /// <summary>The file replayed; null for a campaign.</summary>
    public Scenario? Replayed { get; init; }

    /// <summary>What was covered.</summary>
    public Coverage Coverage { get; init; } = new();

    /// <summary>The violations, one for each signature, in the order of rule ids.</summary>
    public IReadOnlyList<Violation> Violations { get; init; } = [];

    /// <summary>Whether the expectation of a replayed file was met; null without one.</summary>
    public bool? AsExpected { get; init; }

    /// <summary>What the file expected, in words; null without an expectation.</summary>
    public string? Expected { get; init; }

    /// <summary>A subject broke a rule in a case in which upstream's own code does not break it just so.</summary>
    public bool HasOwnFindings { get; init; }

    /// <summary>Ended by the user before its cases or time were used up.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Seconds of judging, building and minimizing left out.</summary>
    public double Seconds { get; init; }
}
