using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Properties.Oracles;

/// <summary>Each kind of difference from the reference breaks its rule, and only that one.</summary>
public sealed class StateOracleTests
{
    private const string Entries = """
        folios:
          A: { order: 2, exclusive: all }
        vmas:
          - { name: src, pages: 8 }
        ptes:
          src+0..3: A[0..3] Y
          src+4: swap 3
          src+5: marker guard
        run: mremap src to dst
        """;

    [Fact]
    public void An_entry_that_differs_breaks_the_rule_of_its_bit()
    {
        var context = new PteContext(KernelVersion.V7_2, ShadowStack: false, Bbml2: false);
        Breaks("PTB001", 1, word => X86_64.PteMkWriteNoVma(word, context));
        Breaks("PTB003", 1, X86_64.PteClearSoftDirty);
        Breaks("PTB003", 4, X86_64.PteSwpClearSoftDirty);
        Breaks("PTB004", 1, X86_64.PteMkUffdWp);
        Breaks("PTB004", 4, X86_64.PteSwpMkUffdWp);
        Breaks("PTB004", 5, _ => Pte.None);
        Breaks("PTB005", 1, word => X86_64.PteAdvancePfn(word, 1));
        Breaks("PTB005", 1, _ => X86_64.SwpEntryToPte(SwapType.FirstDevice, 1));
        Breaks("PTB005", 1, _ => Pte.None);
        Breaks("PTB005", 4, X86_64.PteSwpMkExclusive);
        Breaks("PTB005", 4, _ => X86_64.PteSwpMkSoftDirty(X86_64.SwpEntryToPte(0, 4)));
        Breaks("PTB007", 1, X86_64.PteMkOld);
        Breaks("PTB007", 1, X86_64.PteMkDirty);
    }

    [Fact]
    public void A_lost_write_bit_is_not_a_gained_one()
    {
        var doctored = new Doctored<X86_64>(
            Entries.Replace("] Y", "] WDY", StringComparison.Ordinal)
        );
        doctored.Moved(1) = X86_64.PteWrProtect(new(doctored.Moved(1))).Word;
        Assert.Equal(["PTB002"], doctored.StateRules());
    }

    [Fact]
    public void A_slot_that_is_not_emptied_is_left_at_the_source()
    {
        var doctored = new Doctored<X86_64>(Entries);
        doctored.Left(4) = doctored.Moved(4);
        Assert.Equal(["PTB006"], doctored.StateRules());
    }

    /// <summary>Nothing that mremap moves can gain soft-dirty, so both finals are doctored: PTB009 has no other canary.</summary>
    [Theory]
    [InlineData(1u)]
    [InlineData(4u)]
    public void Soft_dirty_that_the_reference_does_not_have_is_gained(uint page)
    {
        var doctored = new Doctored<X86_64>(Entries);
        var reference = doctored.Run.ReferenceSide.Machine;
        var vpn = doctored.Run.Call.NewVpn + page;
        var table = reference.FindTable(0, vpn);
        ref var word = ref reference.Ptes[
            Machine.PteIndex(table, (int)vpn & (reference.Slots - 1))
        ];
        word = (
            page == 1 ? X86_64.PteClearSoftDirty(new(word)) : X86_64.PteSwpClearSoftDirty(new(word))
        ).Word;
        Assert.Equal(["PTB009"], doctored.StateRules());
    }

    [Fact]
    public void Every_count_and_flag_that_is_compared_breaks_PTB008()
    {
        Counts(machine => machine.Folios[0].RefCount++);
        Counts(machine => machine.Folios[0].Mapcount++);
        Counts(machine => machine.Folios[0].Flags |= FolioFlags.Dirty);
        Counts(machine => machine.Folios[0].Flags ^= FolioFlags.Swapbacked);
        Counts(machine => machine.PageMapcounts[1]++);
        Counts(machine => machine.PageFlags[1] = 0);
        Counts(machine => machine.PageContents[1]++);
        Counts(machine => machine.Mms[0].RssAnon++);
        Counts(machine => machine.Mms[0].RssFile++);
        Counts(machine => machine.Mms[0].RssShmem++);
        Counts(machine => machine.Mms[0].SwapEntries++);
        Counts(machine => machine.Mms[0].TlbFlushPending++);
    }

    [Fact]
    public void What_relaxation_R5_names_is_not_compared()
    {
        var doctored = new Doctored<X86_64>(Entries);
        doctored.Final.Folios[0].Flags ^= FolioFlags.Lru | FolioFlags.DeferredSplit;
        doctored.Final.Mms[0].TlbFlushBatched ^= 0x10001;
        Assert.Empty(doctored.StateRules());
    }

    [Fact]
    public void CONT_is_not_compared()
    {
        var doctored = new Doctored<Arm64>(
            """
            arch: arm64
            table: { slots: 16, cont: 4 }
            folios:
              A: { order: 2, exclusive: all }
            vmas:
              - { name: src, at: 0, pages: 4 }
              - { name: dst, at: 16, pages: 4 }
            ptes:
              src+0..3: A[0..3] Y
            run: mremap src to dst
            """
        );
        for (var page = 0u; page < 4; page++)
        {
            Assert.True(Arm64.PteCont(new(doctored.Moved(page))));
            doctored.Moved(page) = Arm64.PteMkNonCont(new(doctored.Moved(page))).Word;
        }

        Assert.Empty(doctored.StateRules());
        Assert.Empty(doctored.InvariantRules());
    }

    private static void Breaks(string rule, uint page, Func<Pte, Pte> change)
    {
        var doctored = new Doctored<X86_64>(Entries);
        doctored.Moved(page) = change(new(doctored.Moved(page))).Word;
        Assert.Equal([rule], doctored.StateRules());
    }

    private static void Counts(Action<Machine> change)
    {
        var doctored = new Doctored<X86_64>(Entries);
        change(doctored.Final);
        Assert.Equal(["PTB008"], doctored.StateRules());
    }
}
