using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Interference;

/// <summary>Each memory rule finds the fault that was made for it, and with the fault mended the scenario holds.</summary>
public sealed class MemoryCanaryTests
{
    private const string Batched = "lazyfree-unmap/batched~merge-keeps-soft-dirty";

    /// <summary>Rule, fault, and the other rules that the minimal scenario breaks.</summary>
    public static TheoryData<string, string, string> Faults =>
        new()
        {
            { "PTB401", "dirty-before-refcount", "" },
            { "PTB402", "free-before-flush", "PTB205" },
            { "PTB404", "refcount-before-clear", "" },
        };

    /// <summary>The rules that have a canary here: those of memory, and the one about translations at a write-out.</summary>
    public static IEnumerable<string> Guarded =>
        Faults
            .Select(row => (string)row[0])
            .Append("PTB209")
            .Append("PTB403")
            .Order(StringComparer.Ordinal);

    /// <summary>A page of a shared file, and a step, without which memory is not judged.</summary>
    private const string SharedFile = """
        arch: x86-64
        folios:
          A: { kind: file }
        vmas:
          - { name: src, pages: 1, flags: rs, file: regular }
        ptes:
          src+0: A[0] Y
        run: mremap src to dst
        interference:
          - cpu1 load src+0 at start
        """;

    private const string WriteOut = "'cpu1 write-out src+0 after unlock ptl #2'";

    [Theory]
    [MemberData(nameof(Faults))]
    public void The_rule_finds_the_fault_with_its_cause(string rule, string fault, string others)
    {
        foreach (var architecture in Lab.Architectures)
        {
            var name = $"{Batched}~{fault}";
            var result = InterleavedCampaigns.Run(name, architecture, CaseBlock.Cases);
            var violation = Assert.Single(result.Violations, known => known.Rule.Id == rule);
            Assert.Equal([fault], violation.Cause);
            Assert.Equal(others, string.Join(' ', violation.AlsoBroken));

            var worker = Worker(name, architecture);
            worker.Candidate.Off = Rules.Find(rule);
            worker.Evaluate(violation.Scenario);
            Assert.Equal(others, string.Join(' ', Lab.RuleIds(worker.Candidate)));
            Assert.Equal(0, worker.Reference.Count);

            var mended = Worker(Batched, architecture);
            mended.Evaluate(violation.Scenario);
            Assert.Empty(Lab.RuleIds(mended.Candidate));
        }
    }

    [Theory]
    [InlineData("batched-any-arch~flush-after-unlock", "PTB201 PTB209")]
    [InlineData("batched-any-arch", "")]
    public void Nobody_stores_unseen_to_a_page_that_is_written_out(string name, string rules)
    {
        const string Anchor = "'cpu1 mkclean src+0 after unlock ptl #2'";
        var text = SharedFile
            .Replace("kind: file", "kind: file, dirty: true", StringComparison.Ordinal)
            .Replace("flags: rs", "flags: rw shared", StringComparison.Ordinal)
            .Replace("A[0] Y", "A[0] WDY", StringComparison.Ordinal)
            .Replace("cpu1 load src+0 at start", Anchor, StringComparison.Ordinal);

        Assert.Equal(rules, Interleaving.Of($"{text}\n  - {WriteOut}", name).Rules);
    }

    [Theory]
    [InlineData(false, false, "PTB403")]
    [InlineData(true, false, "")]
    [InlineData(false, true, "")]
    public void A_write_after_the_write_out_must_be_marked_dirty(
        bool folioDirty,
        bool entryDirty,
        string rules
    )
    {
        var worker = CampaignLab.Worker<X86_64>(Lab.Implementation("batched-any-arch"));
        worker.Evaluate(ScenarioReader.Read(SharedFile, "write-out.yaml"));
        Assert.Empty(Lab.RuleIds(worker.Candidate));

        var side = worker.Run.CandidateSide;
        var final = side.Machine;
        var written = new TraceEvent
        {
            Op = Primitive.WriteOut,
            A = 0,
            B = final.PageContents[0],
        };
        Assert.True(side.Trace.Add(written));
        final.PageContents[0]++;
        final.Folios[0].Flags |= folioDirty ? FolioFlags.Dirty : 0;
        if (entryDirty)
        {
            MakeDirty(final, worker.Run.Call.NewVpn);
        }

        var findings = new FindingList();
        new MemoryOracle<X86_64>(worker.Run).Judge(side, findings);
        Assert.Equal(rules, string.Join(' ', Lab.RuleIds(findings)));
    }

    private static void MakeDirty(Machine machine, uint vpn)
    {
        var table = machine.FindTable(0, vpn);
        ref var word = ref machine.Ptes[Machine.PteIndex(table, (int)vpn & (machine.Slots - 1))];
        word = X86_64.WalkerMkDirty(new(word)).Word;
    }

    private static ICaseWorker Worker(string name, Architecture architecture) =>
        CampaignLab.Worker(CampaignLab.Named(name), architecture);
}
