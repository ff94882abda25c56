using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Oracles;

/// <summary>Relaxation R1 to the bit: what lies just inside its bounds is accepted, one step beyond is not.</summary>
public sealed class SmearBoundsTests
{
    /// <summary>Folio A has a young page, folio B has none.</summary>
    private const string TwoFolios = """
        table: { slots: 8, cont: 4 }
        folios:
          A: { order: 2, exclusive: all }
          B: { order: 2, exclusive: all }
        vmas:
          - { name: src, at: 0, pages: 16 }
          - { name: dst, at: 32, pages: 16 }
        ptes:
          src+0: A[0] WY
          src+1: A[1]
          src+4..5: B[0..1]
          src+8: A[2]
        run: mremap src to dst
        """;

    [Fact]
    public void Young_may_spread_over_the_folio_and_its_table_and_no_further()
    {
        var young = X86_64.PteMkYoung;
        Assert.Empty(Changed(TwoFolios, 1, young));
        Assert.Equal(["PTB007"], Changed(TwoFolios, 4, young));
        Assert.Equal(["PTB007"], Changed(TwoFolios, 8, young));
    }

    [Fact]
    public void Dirty_may_not_come_from_nowhere_and_young_may_not_go()
    {
        Assert.Equal(["PTB007"], Changed(TwoFolios, 1, X86_64.PteMkDirty));
        Assert.Equal(["PTB007"], Changed(TwoFolios, 0, X86_64.PteMkOld));
    }

    [Fact]
    public void Entries_outside_the_range_lend_nothing()
    {
        var part = TwoFolios
            .Replace("mremap src to dst", "mremap src+1..7 to dst", StringComparison.Ordinal)
            .Replace("at: 32, pages: 16", "at: 32, pages: 7", StringComparison.Ordinal);
        Assert.Equal(["PTB007"], Changed(part, 0, X86_64.PteMkYoung));
    }

    /// <summary>The block of four begins one page before the range: its young page counts on arm64.</summary>
    private const string Block = """
        arch: arm64
        table: { slots: 16, cont: 4 }
        folios:
          A: { order: 3, exclusive: all }
        vmas:
          - { name: src, at: 0, pages: 8 }
          - { name: dst, at: 17, pages: 3 }
        ptes:
          src+0: A[0] Y
          src+1..7: A[1..7]
        run: mremap src+1..3 to dst
        """;

    [Fact]
    public void On_arm64_the_rest_of_the_block_counts()
    {
        Assert.Empty(ChangedArm64(Block, 0, Arm64.PteMkYoung));
        Assert.Equal(["PTB007"], ChangedArm64(Block, 0, Arm64.PteMkDirty));
    }

    [Fact]
    public void The_next_block_does_not()
    {
        var next = Block
            .Replace("src+0: A[0] Y", "src+0: A[0]", StringComparison.Ordinal)
            .Replace(
                "src+1..7: A[1..7]",
                "src+1..3: A[1..3]\n  src+4..7: A[4..7] Y",
                StringComparison.Ordinal
            );
        Assert.Equal(["PTB007"], ChangedArm64(next, 0, Arm64.PteMkYoung));
    }

    private static IReadOnlyList<string> Changed(string yaml, uint page, Func<Pte, Pte> change)
    {
        var doctored = new Doctored<X86_64>(yaml);
        doctored.Moved(page) = change(new(doctored.Moved(page))).Word;
        return doctored.StateRules();
    }

    private static IReadOnlyList<string> ChangedArm64(string yaml, uint page, Func<Pte, Pte> change)
    {
        var doctored = new Doctored<Arm64>(yaml);
        doctored.Moved(page) = change(new(doctored.Moved(page))).Word;
        return doctored.StateRules();
    }
}
