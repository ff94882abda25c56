using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Traces;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Regressions;

/// <summary>A pinned scenario, run by one implementation for what it counts.</summary>
internal sealed class CountedRun
{
    private readonly string? answer;

    private CountedRun(Scenario scenario, CaseRecord record)
    {
        answer = scenario.Notes?.Answer;
        Record = record;
    }

    /// <summary>The run.</summary>
    public CaseRecord Record { get; }

    /// <summary>What the implementation did.</summary>
    public Trace Trace => Record.CandidateTrace;

    /// <summary>Calls of ptep_get.</summary>
    public int PtepGets => Trace.Calls(Primitive.PtepGet);

    /// <summary>TLB invalidations that the architecture layer did on its own account.</summary>
    public int ContpteInvalidations => Count(Primitive.TlbFlushRange, byArch: true);

    /// <summary>Invalidations of a range or an mm that the implementation asked for.</summary>
    public int Flushes =>
        Count(Primitive.TlbFlushRange, byArch: false) + Trace.Calls(Primitive.TlbFlushMm);

    /// <summary>The answer of the file.</summary>
    public string Answer => answer ?? "";

    /// <summary>Runs a scenario of the mremap thread, named without its folder.</summary>
    public static CountedRun Of(string file, string implementation) =>
        Of(RegressionFiles.Read(RegressionFiles.MremapThread + file), implementation);

    /// <summary>Runs a scenario.</summary>
    public static CountedRun Of(Scenario scenario, string implementation) =>
        new(
            scenario,
            Runner.Explain(
                scenario,
                CampaignLab.Named(implementation, OperationCatalog.All[scenario.Run.Operation])
            )
        );

    /// <summary>Events of a kind, in order.</summary>
    public IReadOnlyList<TraceEvent> Events(Primitive primitive)
    {
        var events = new List<TraceEvent>();
        foreach (ref readonly var traceEvent in Trace.Events)
        {
            if (traceEvent.Op == primitive)
            {
                events.Add(traceEvent);
            }
        }

        return events;
    }

    private int Count(Primitive primitive, bool byArch) =>
        Events(primitive).Count(traceEvent => traceEvent.ByArch == byArch);
}
