using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.Interference;

/// <summary>
/// Whatever others do in between, correct code and the references keep every rule, and both TLB models
/// agree about what may be cached.
/// </summary>
public sealed class CorrectCodeTests
{
    private const long Cases = 5 * CaseBlock.Cases;
    private const int ComparedCases = 2_000;

    [Theory]
    [InlineData("lazyfree-unmap/batched~merge-keeps-soft-dirty", Architecture.X86)]
    [InlineData("lazyfree-unmap/batched~flush-before-restore~unfold-first", Architecture.Arm64)]
    [InlineData("lazyfree-unmap/batched", Architecture.X86)]
    [InlineData("mremap/batched-any-arch", Architecture.X86)]
    [InlineData("mremap/batched-any-arch", Architecture.Arm64)]
    [InlineData("mremap/batched", Architecture.Arm64)]
    [InlineData("mprotect/batched", Architecture.X86)]
    [InlineData("mprotect/batched~flush-before-cont~unfold-first", Architecture.Arm64)]
    public void No_rule_breaks_in_interleaved_cases(
        string implementation,
        Architecture architecture
    )
    {
        var result = InterleavedCampaigns.Run(implementation, architecture, Cases);

        Assert.DoesNotContain(result.Violations, violation => violation.InterferenceSteps > 0);
        Assert.NotEqual(VerdictKind.ReferenceViolated, result.Verdict);
        Assert.InRange(result.Coverage.Interleaved, Cases / 2, Cases);
    }

    /// <summary>
    /// A load makes one entry of a contiguous block young. The translation of the block that says dirty, from this
    /// entry, is one that it still gives, for its clean neighbours as well.
    /// </summary>
    [Fact]
    public void A_block_may_be_cached_by_any_of_its_entries()
    {
        var run = Interleaving.Of(
            """
            arch: arm64
            table: { cont: 4 }
            folios: { A: { order: 2, pins: 1, exclusive: all } }
            vmas: [{ name: a, pages: 4 }]
            ptes: { a+0: 'A[0] W', a+1: 'A[1] WD', a+2: 'A[2] W', a+3: 'A[3] W' }
            run: mprotect a numa
            interference: [cpu1 load a+1 fresh at start]
            """,
            "batched"
        );

        Assert.Equal([Primitive.PteStore, Primitive.CpuLoad], run.Others);
        Assert.Equal("", run.Rules);
    }

    [Theory]
    [InlineData("lazyfree-unmap/batched")]
    [InlineData("lazyfree-unmap/batched~free-before-flush")]
    [InlineData("mremap/batched-any-arch")]
    [InlineData("mremap/batched-any-arch~flush-first-page")]
    [InlineData("mprotect/batched")]
    [InlineData("mprotect/batched~forget-flush")]
    public void Both_tlb_models_agree_on_interleaved_cases(string implementation)
    {
        Agree<X86_64>(implementation);
        Agree<Arm64>(implementation);
    }

    [Fact]
    public void Nobody_acts_in_between_where_a_campaign_says_so()
    {
        var off = InterleavedCampaigns.Run(
            "mremap/batched-any-arch",
            Architecture.X86,
            CaseBlock.Cases,
            mode: InterferenceMode.Off
        );
        var on = InterleavedCampaigns.Run(
            "mremap/batched-any-arch",
            Architecture.X86,
            CaseBlock.Cases,
            mode: InterferenceMode.On
        );

        Assert.Equal(0, off.Coverage.Interleaved);
        Assert.InRange(on.Coverage.Interleaved, CaseBlock.Cases / 8, CaseBlock.Cases / 4);
        Assert.Contains(" of them interleaved", on.Reason, StringComparison.Ordinal);
    }

    private static void Agree<TArch>(string name)
        where TArch : struct, IArch
    {
        var implementation = CampaignLab.Named(name);
        var operation = CampaignLab.OperationOf(implementation);
        GeneratorLab.AssertTlbsAgree<TArch>(
            implementation,
            GeneratorLab.Interleaved(operation, TArch.Architecture, percent: 100),
            ComparedCases
        );
    }
}
