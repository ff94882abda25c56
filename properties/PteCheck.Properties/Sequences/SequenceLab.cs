using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Sequences;

/// <summary>What the tests of sequences share.</summary>
internal static class SequenceLab
{
    /// <summary>Every operation that sequences can have, on both architectures.</summary>
    public static TheoryData<string, Architecture> Operations
    {
        get
        {
            var all = new TheoryData<string, Architecture>();
            foreach (var operation in OperationCatalog.All.Where(known => !known.Alone))
            {
                all.Add(operation.Name, Architecture.X86);
                all.Add(operation.Name, Architecture.Arm64);
            }

            return all;
        }
    }

    /// <summary>What the generator is told to draw nothing but sequences of an operation.</summary>
    public static GeneratorOptions Options(string operation, Architecture architecture) =>
        new(
            architecture,
            ShadowStack: false,
            Bbml2: false,
            OperationCatalog.IndexOf(OperationCatalog.Find(operation)!),
            SequencePercent: 100
        );

    /// <summary>A campaign of sequences alone, unless another mode is asked for.</summary>
    public static CampaignResult Run(
        string name,
        Architecture architecture,
        long cases,
        ulong seed = 1,
        SequenceMode mode = SequenceMode.Only
    ) =>
        CampaignLab.Run(
            CampaignLab.Options(CampaignLab.Named(name), architecture, cases, seed) with
            {
                Interference = InterferenceMode.Off,
                Sequences = mode,
            }
        );

    /// <summary>The result of one implementation in a file.</summary>
    public static CampaignResult Replay(string yaml, string name) =>
        Assert.Single(
            Checking.Campaigns.Replay.Run(
                ScenarioReader.Read(yaml, "run.yaml"),
                [CampaignLab.Named(name)]
            )
        );

    /// <summary>A file of one VMA src of four pages, a lazyfree folio A and its entries, with a run.</summary>
    public static string File(params string[] lines) =>
        string.Join(
            '\n',
            (string[])
                [
                    "folios:",
                    "  A: { order: 2, kind: lazyfree, locked: true, extra-refs: 1, exclusive: all }",
                    "vmas:",
                    "  - { name: src, pages: 4 }",
                    "ptes:",
                    "  src+0..3: A[0..3] W",
                    .. lines,
                ]
        );

    /// <summary>The operations of a scenario's run, as files spell them.</summary>
    public static string RunOf(Scenario scenario)
    {
        var words = new List<string>();
        foreach (ref readonly var run in scenario.UsedRuns)
        {
            words.Add(ScenarioWriter.Run(scenario, run));
        }

        return string.Join("; ", words);
    }
}
