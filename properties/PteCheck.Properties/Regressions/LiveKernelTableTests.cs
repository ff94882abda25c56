using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Regressions;

/// <summary>
/// F1 as it was counted on real kernels of x86-64: soft-dirty pages in pagemap after clear_refs, with nothing written
/// since. The model says the same numbers, row by row, for the implementation that each kernel has.
/// </summary>
public sealed class LiveKernelTableTests
{
    private const string OneEntry = "per-pte";
    private const string InBatches = "batched";

    /// <summary>mprotect of 16 written pages: kernel, implementation, soft-dirty pages in a 64K folio.</summary>
    [Theory]
    [InlineData("6.12.117", OneEntry, 0)]
    [InlineData("6.16.12", OneEntry, 0)]
    [InlineData("6.17.8", InBatches, 16)]
    [InlineData("6.18.15", InBatches, 16)]
    [InlineData("7.2.12", InBatches, 16)]
    public void Mprotect(string kernel, string implementation, int softDirty)
    {
        Assert.NotEmpty(kernel);
        Assert.Equal(softDirty, Protected(implementation, "mprotect a to r", folios: 1, order: 4));
        Assert.Equal(softDirty, Protected(implementation, "mprotect a to none", 1, 4));
        Assert.Equal(0, Protected(implementation, "mprotect a to r", folios: 16, order: 0));
        Assert.Equal(0, Protected(implementation, "mprotect a to rw", folios: 1, order: 4));
    }

    /// <summary>A NUMA scan of 64 written pages: in 64K folios, and as the control in small pages.</summary>
    [Theory]
    [InlineData("6.16.12", OneEntry, 0)]
    [InlineData("6.17.8", InBatches, 64)]
    [InlineData("6.18.15", InBatches, 64)]
    [InlineData("7.2.12", InBatches, 64)]
    public void NumaScan(string kernel, string implementation, int softDirty)
    {
        Assert.NotEmpty(kernel);
        Assert.Equal(softDirty, Protected(implementation, "mprotect a numa", folios: 4, order: 4));
        Assert.Equal(0, Protected(implementation, "mprotect a numa", folios: 64, order: 0));
    }

    /// <summary>Reclaim of a lazyfree folio of which page k was written again: soft-dirty pages, and pages that stay.</summary>
    [Theory]
    [InlineData("6.12.117", OneEntry, 5, 0, 11)]
    [InlineData("6.16.12", "bounded", 5, 16, 16)]
    [InlineData("6.18.15", "bounded", 5, 16, 16)]
    [InlineData("7.2.12", InBatches, 5, 16, 16)]
    [InlineData("6.12.117", OneEntry, 0, 0, 16)]
    [InlineData("6.16.12", "bounded", 0, 0, 16)]
    [InlineData("6.18.15", "bounded", 0, 0, 16)]
    [InlineData("7.2.12", InBatches, 0, 0, 16)]
    public void LazyfreeRestore(
        string kernel,
        string implementation,
        int k,
        int softDirty,
        int stay
    )
    {
        Assert.NotEmpty(kernel);
        var entries = Enumerable
            .Range(0, 16)
            .Select(page => $"  a+{page}: A[{page}] {(page == k ? "DY" : "")}".TrimEnd());
        var words = Run(
            $$"""
            arch: x86-64
            folios:
              A: { order: 4, kind: lazyfree, locked: true, extra-refs: 1, exclusive: all }
            vmas:
              - { name: a, pages: 16, soft-dirty: tracked }
            ptes:
            {{string.Join('\n', entries)}}
            run: lazyfree-unmap A deferred
            """,
            "lazyfree-unmap",
            implementation
        );

        Assert.Equal(stay, words.Count(X86_64.PtePresent));
        Assert.Equal(softDirty, words.Count(X86_64.PteSoftDirty));
    }

    private static int Protected(string implementation, string run, int folios, int order)
    {
        var pages = 1 << order;
        var all = Enumerable.Range(0, folios).ToList();
        var declared = all.Select(index => $"  F{index}: {{ order: {order}, exclusive: all }}");
        var entries = all.SelectMany(index =>
            Enumerable
                .Range(0, pages)
                .Select(page => $"  a+{(index * pages) + page}: F{index}[{page}] DY")
        );
        var words = Run(
            $$"""
            arch: x86-64
            folios:
            {{string.Join('\n', declared)}}
            vmas:
              - { name: a, pages: {{folios * pages}}, soft-dirty: tracked }
            ptes:
            {{string.Join('\n', entries)}}
            run: {{run}}
            """,
            "mprotect",
            implementation
        );
        Assert.Equal(folios * pages, words.Count(X86_64.PtePresent));
        return words.Count(X86_64.PteSoftDirty);
    }

    /// <summary>The entries of the VMA after the run.</summary>
    private static List<Pte> Run(string text, string operation, string implementation)
    {
        var parsed = CampaignLab.Named(implementation, OperationCatalog.Find(operation));
        var final = Runner.Explain(ScenarioReader.Read(text, "live.yaml"), parsed).Candidate;
        ref readonly var vma = ref final.Vmas[0];
        var words = new List<Pte>();
        for (var vpn = vma.Start; vpn < vma.End; vpn++)
        {
            words.Add(final.PteAt(vma.Mm, vpn));
        }

        return words;
    }
}
