using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Regressions;

namespace PteCheck.Properties.MthpSelect;

/// <summary>What the tests of the choice of windows share.</summary>
internal static class MthpLab
{
    /// <summary>The folder of the review thread, part B of the questions.</summary>
    public const string Thread = RegressionFiles.MthpThread;

    /// <summary>The candidates.</summary>
    public static readonly string[] Walks = ["stack-v17", "linear-v19", "linear"];

    /// <summary>An implementation, named without its operation.</summary>
    public static Implementation Named(string name) =>
        CampaignLab.Named(name, MthpSelectOperation.Instance);

    /// <summary>A campaign.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        ulong seed = 1
    ) => CampaignLab.Run(CampaignLab.Options(Named(name), architecture, cases, seed));

    /// <summary>A worker for single scenarios on x86-64.</summary>
    public static ICaseWorker Worker(string name) =>
        CampaignLab.Worker(Named(name), Architecture.X86);

    /// <summary>The windows that the candidate tried, as first slot, pages and result.</summary>
    public static List<(int First, int Pages, ScanResult Result)> Attempts(Trace trace)
    {
        var attempts = new List<(int, int, ScanResult)>();
        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.CollapseHugePage)
            {
                attempts.Add((e.Slot, e.Nr, (ScanResult)e.A));
            }
        }

        return attempts;
    }

    /// <summary>The windows that an implementation tries in a scenario.</summary>
    public static List<(int First, int Pages, ScanResult Result)> Attempts(
        Scenario scenario,
        string name
    )
    {
        var worker = Worker(name);
        worker.Evaluate(scenario);
        return Attempts(worker.CandidateTrace);
    }

    /// <summary>The most windows that wait on the stack at once.</summary>
    public static int Depth(Trace trace)
    {
        var depth = 0;
        foreach (ref readonly var e in trace.Events)
        {
            depth = e.Op == Primitive.WindowPush ? Math.Max(depth, (int)e.A) : depth;
        }

        return depth;
    }

    /// <summary>A scenario of the thread's folder.</summary>
    public static Scenario Pinned(string file) => RegressionFiles.Read(Thread + file);
}
