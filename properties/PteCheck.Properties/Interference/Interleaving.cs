using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Traces;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Interference;

/// <summary>A scenario with steps of others, run by one implementation.</summary>
internal sealed class Interleaving
{
    private Interleaving(CaseRecord record) => Record = record;

    /// <summary>The run.</summary>
    public CaseRecord Record { get; }

    /// <summary>Ids of the rules that the implementation breaks, in order, each once.</summary>
    public string Rules =>
        string.Join(
            ' ',
            Record
                .Findings.Select(finding => finding.Rule.Id)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );

    /// <summary>What the others did, in order; steps of theirs that came to nothing leave no event.</summary>
    public IReadOnlyList<Primitive> Others
    {
        get
        {
            var others = new List<Primitive>();
            foreach (ref readonly var traceEvent in Record.CandidateTrace.Events)
            {
                if (traceEvent.Actor != 0)
                {
                    others.Add(traceEvent.Op);
                }
            }

            return others;
        }
    }

    /// <summary>Runs a scenario text; the reference must hold in it.</summary>
    public static Interleaving Of(string text, string implementation)
    {
        var scenario = ScenarioReader.Read(text, "test.yaml");
        var operation = OperationCatalog.All[scenario.Run.Operation];
        var record = Runner.Explain(scenario, CampaignLab.Named(implementation, operation));
        Assert.Empty(record.ReferenceFindings);
        return new(record);
    }

    /// <summary>Where in the trace an event of a kind comes first, by whom; -1 for nowhere.</summary>
    public int IndexOf(Primitive primitive, bool byOthers)
    {
        var events = Record.CandidateTrace.Events;
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].Op == primitive && events[i].Actor != 0 == byOthers)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>One lazyfree folio of one page, and steps.</summary>
    public static string Lazyfree(string letters, string flush, params string[] steps) =>
        $$"""
            arch: x86-64
            cpus: 3
            folios:
              A: { kind: lazyfree, exclusive: [0], locked: true, extra-refs: 1 }
            vmas:
              - { name: a, pages: 1 }
            ptes:
              a+0: A[0] {{letters}}
            run: lazyfree-unmap A {{flush}}
            interference:
            {{string.Join('\n', steps.Select(step => $"  - '{step}'"))}}
            """;

    /// <summary>One dirty page of a shared file mapping that moves, and steps.</summary>
    public static string SharedFile(params string[] steps) =>
        $$"""
            arch: x86-64
            cpus: 3
            folios:
              F: { kind: file, dirty: true }
            vmas:
              - { name: src, pages: 1, flags: rw shared, file: regular }
            ptes:
              src+0: F[0] WDY
            run: mremap src to dst
            interference:
            {{string.Join('\n', steps.Select(step => $"  - '{step}'"))}}
            """;
}
