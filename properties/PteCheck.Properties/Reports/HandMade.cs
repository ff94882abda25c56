using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Reports;
using PteCheck.Reports.Explaining;

namespace PteCheck.Properties.Reports;

/// <summary>Results as no campaign need have made them, so that reports are tested by themselves.</summary>
internal static class HandMade
{
    public static readonly IOperation Mremap = OperationCatalog.All[0];

    public static Implementation Named(string name) => CampaignLab.Named(name);

    public static CampaignResult Holds(string implementation = "mremap/batched") =>
        new()
        {
            Operation = Mremap,
            Implementation = Named(implementation),
            Architecture = Architecture.Arm64,
            Kernel = KernelVersion.V7_2,
            Verdict = VerdictKind.Holds,
            Reason = "every case",
            Cases = 200_000,
            Seed = ulong.MaxValue,
            Seconds = 2,
            Coverage = new()
            {
                Batches = 543_210,
                LongestBatch = 512,
                KindsBesideABatch = ["none", "swap"],
                Cells = new Dictionary<string, long>(StringComparer.Ordinal)
                {
                    ["batch of 2"] = 17,
                    ["batch of 16"] = 0,
                },
            },
        };

    public static CampaignResult NotApplicable() =>
        Holds() with
        {
            Architecture = Architecture.X86,
            Verdict = VerdictKind.NotApplicable,
            Reason = "no batch of 2 or more was formed",
            Coverage = new(),
        };

    public static CampaignResult Violated(params Violation[] violations) =>
        Holds("mremap/as-posted-v4") with
        {
            Architecture = Architecture.X86,
            Kernel = KernelVersion.V6_15,
            Verdict = VerdictKind.Violated,
            Violations = violations,
        };

    public static CampaignResult ReferenceViolated() =>
        Holds() with
        {
            Verdict = VerdictKind.ReferenceViolated,
            Reason = "the reference itself breaks PTB103",
        };

    public static CampaignResult Replayed(bool? asExpected, string file = "a/case.yaml") =>
        Violated(WriteGained()) with
        {
            Seed = null,
            Cases = 1,
            Replayed = new()
            {
                Notes = new() { File = file, Title = "A case" },
            },
            AsExpected = asExpected,
            Expected = asExpected is null ? null : "violated PTB001",
        };

    public static Violation WriteGained() =>
        new()
        {
            Rule = Rules.WriteGained,
            Signature = "mremap/as-posted-v4 PTB001 Destination",
            Cause = ["ignore-write"],
            AlsoBroken = ["PTB101"],
            Message = "dst+1: write gained: per-PTE leaves A[1] Y, the candidate A[1] WDY",
            Where = "dst+1",
            Reference = "A[1] Y",
            Candidate = "A[1] WDY",
            Scenario = new(),
            Finding = new() { Rule = Rules.WriteGained, Step = -1 },
            FoundAfterCases = 12,
            ShrinkEvaluations = 34,
            FoundAfterSeconds = 0.25,
        };

    public static Violation Stale() =>
        WriteGained() with
        {
            Rule = Rules.StaleAtUnlock,
            Signature = "mremap/as-posted-v4 PTB201 Source",
            Cause = [],
            AlsoBroken = [],
            Message =
                "src+0: stale translation at the unlock: a translation of A[0] can still be used",
        };

    public static Violation Known() => WriteGained() with { Known = "F1" };

    public static Violation WastedWork() =>
        WriteGained() with
        {
            Rule = Rules.MoreWork,
            Signature = "mremap/as-posted-v4 PTB501 Run",
        };

    public static ReportInput Input(params CampaignResult[] results) =>
        new()
        {
            Command = "run",
            Results = results,
            Explainer = new FixedExplainer(),
        };
}

/// <summary>An explanation that is always the same.</summary>
internal sealed class FixedExplainer : IExplainer
{
    public IReadOnlyList<SlotView> Slots { get; init; } =
    [
        new("src+0", "A[0] WDY", "none", "none"),
        new("src+1", "A[1] Y", "none", "none"),
        new("dst+0", "none", "A[0] WDYS", "A[0] WDYS"),
        new("dst+1", "none", "A[1] YS", "A[1] WDYS"),
    ];

    public IReadOnlyList<string> Steps { get; init; } =
    ["get_and_clear_full_ptes src+0..1", "set_ptes dst+0..1", "unlock the page-table lock of src"];

    public string Text { get; init; } =
        "arch: x86-64\nfolios:\n  A: { order: 2, kind: anon, exclusive: [0] }\nrun: mremap src to dst\n";

    public Explanation Explain(CampaignResult result, Violation violation) => new(Slots, Steps);

    public string Yaml(CampaignResult result, Violation violation) => Text;
}
