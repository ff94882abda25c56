using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Properties.Oracles;

/// <summary>Each invariant is broken by its own change of a machine that keeps them all.</summary>
public sealed class InvariantOracleTests
{
    private const string Entries = """
        folios:
          A: { order: 2, exclusive: [0..1] }
        vmas:
          - { name: src, pages: 8, uffd: wp, event-remap: true }
        ptes:
          src+0: A[0] WDY
          src+1: A[1] Y
          src+2: A[2] U
          src+3: swap 3
        run: mremap src to dst
        """;

    [Fact]
    public void A_machine_that_correct_code_leaves_keeps_all() => Breaks(_ => { });

    [Fact]
    public void Writable_implies_exclusive_and_mapped_once()
    {
        Breaks(doctored => doctored.Final.PageFlags[0] = 0, "PTB101");
        Breaks(
            doctored => doctored.Moved(4) = doctored.Moved(0),
            "PTB101",
            "PTB103",
            "PTB104",
            "PTB105"
        );
    }

    [Fact]
    public void Uffd_implies_an_armed_vma_and_no_write()
    {
        Breaks(
            doctored => doctored.Final.Vmas[doctored.Run.Call.NewVma].Flags &= ~VmaFlags.UffdWp,
            "PTB102"
        );
        Breaks(
            doctored =>
            {
                var context = doctored.Final.Context;
                var word = X86_64.PteMkUffdWp(new(doctored.Moved(1)));
                doctored.Moved(1) = X86_64.PteMkWriteNoVma(word, context).Word;
            },
            "PTB102"
        );
    }

    [Fact]
    public void Counts_are_the_number_of_entries()
    {
        Breaks(doctored => doctored.Final.PageMapcounts[1]++, "PTB103");
        Breaks(doctored => doctored.Final.Folios[0].RefCount--, "PTB104");
        Breaks(doctored => doctored.Final.Mms[0].RssAnon--, "PTB105");
        Breaks(doctored => doctored.Final.Mms[0].SwapEntries++, "PTB105");
        Breaks(doctored => doctored.Final.SwapCounts[3]++, "PTB106");
    }

    private static void Breaks(Action<Doctored<X86_64>> change, params string[] rules)
    {
        var doctored = new Doctored<X86_64>(Entries);
        change(doctored);
        Assert.Equal(rules, doctored.InvariantRules());
    }
}
