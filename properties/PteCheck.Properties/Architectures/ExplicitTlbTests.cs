using PteCheck.Model.Architectures;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Architectures;

/// <summary>Explicit TLBs by example: fills, flushes, contiguous blocks and the secondary MMU.</summary>
public sealed class ExplicitTlbTests
{
    private const ulong Pfn = 0x12340;
    private const TlbRights ReadOnly = TlbRights.Read | TlbRights.User;

    [Fact]
    public void Every_cpu_of_the_mask_and_the_secondary_mmu_fill()
    {
        var small = new ExplicitTlbMachine<X86_64>(cpuMaskOfMm0: 2);
        var tlbs = small.Follow();
        small.Store(1, 3, ExplicitTlbMachine<X86_64>.Readable(Pfn));

        Assert.Equal(
            [
                new Translation(1, 0, 11, Pfn, ReadOnly, Block: false),
                new Translation(2, 0, 11, Pfn, ReadOnly, Block: false),
            ],
            ExplicitTlbMachine<X86_64>.Collect(tlbs)
        );
    }

    [Fact]
    public void Reset_fills_from_the_machine_as_it_stands()
    {
        var small = new ExplicitTlbMachine<X86_64>();
        small.Store(2, 0, ExplicitTlbMachine<X86_64>.Readable(Pfn));
        var tlbs = small.Follow();
        tlbs.Add(new(0, 1, 7, Pfn + 1, ReadOnly, Block: false));
        Assert.Equal(4, tlbs.Entries.Count);

        tlbs.Reset();
        Assert.Equal(3, tlbs.Entries.Count);
    }

    [Fact]
    public void What_the_hardware_does_not_see_is_not_cached()
    {
        AssertInvisible<X86_64>();
        AssertInvisible<Arm64>();
    }

    [Fact]
    public void Old_entries_are_cached_and_dirty_ones_as_dirty()
    {
        var small = new ExplicitTlbMachine<X86_64>(cpuMaskOfMm0: 1);
        var tlbs = small.Follow();
        var dirty = X86_64.PteMkDirty(
            X86_64.PteMkWriteNoVma(ExplicitTlbMachine<X86_64>.Readable(Pfn), small.Machine.Context)
        );
        small.Store(0, 0, X86_64.PteMkOld(dirty));

        Assert.Equal(
            new Translation(0, 0, 0, Pfn, ReadOnly | TlbRights.Write | TlbRights.Dirty, false),
            ExplicitTlbMachine<X86_64>.Collect(tlbs)[0]
        );
    }

    [Fact]
    public void A_changed_entry_stays_cached_until_its_page_is_flushed()
    {
        var small = new ExplicitTlbMachine<X86_64>(cpuMaskOfMm0: 1);
        var tlbs = small.Follow();
        small.Store(0, 0, ExplicitTlbMachine<X86_64>.Readable(Pfn));
        small.Store(0, 1, ExplicitTlbMachine<X86_64>.Readable(Pfn + 1));
        small.Store(0, 0, Pte.None);
        small.Store(0, 1, Pte.None);
        Assert.Equal([0u, 1u], PagesOf(tlbs, cpu: 0));

        small.Event(Primitive.TlbFlushRange, mm: 0, first: 1, pages: 1);
        Assert.Equal([0u], PagesOf(tlbs, cpu: 0));
        small.Event(Primitive.TlbFlushMm, mm: 1);
        Assert.Equal([0u], PagesOf(tlbs, cpu: 0));
        small.Event(Primitive.TlbFlushMm, mm: 0);
        Assert.Empty(PagesOf(tlbs, cpu: 0));
        Assert.Equal([0u, 1u], PagesOf(tlbs, ExplicitTlbMachine<X86_64>.Secondary));
    }

    [Fact]
    public void A_flush_of_a_live_page_refills_what_stands_there_alone()
    {
        var small = new ExplicitTlbMachine<X86_64>(cpuMaskOfMm0: 1);
        var tlbs = small.Follow();
        small.Store(0, 0, ExplicitTlbMachine<X86_64>.Readable(Pfn));
        small.Store(0, 0, ExplicitTlbMachine<X86_64>.Readable(Pfn + 9));
        Assert.Equal([0u, 0u], PagesOf(tlbs, cpu: 0));

        small.Event(Primitive.TlbFlushRange, mm: 0, first: 0, pages: 1);
        Assert.Equal(Pfn + 9, ExplicitTlbMachine<X86_64>.Collect(tlbs)[0].Pfn);
        Assert.Equal([0u], PagesOf(tlbs, cpu: 0));
    }

    [Fact]
    public void Arm64_one_descriptor_of_a_block_may_be_cached_for_all_of_it()
    {
        var small = new ExplicitTlbMachine<Arm64>();
        var tlbs = small.Follow();
        var third = Arm64.PteMkCont(ExplicitTlbMachine<Arm64>.Readable(Pfn + 2));
        small.Store(0, 6, third);

        var block = Assert.Single(tlbs.Entries, entry => entry is { Cpu: 0, Pages: 4 });
        Assert.Equal(new ExplicitEntry(0, 0, 4, 4, Pfn, ReadOnly, Block: true), block);
        Assert.Equal([4u, 5u, 6u, 7u], PagesOf(tlbs, cpu: 0));
        Assert.Equal(3 * (1 + 4), tlbs.Entries.Count);
    }

    [Fact]
    public void Arm64_flush_of_one_page_drops_the_block_and_leaves_pieces_of_other_pages()
    {
        var small = new ExplicitTlbMachine<Arm64>();
        var tlbs = small.Follow();
        StoreBlock(small);
        for (var slot = 4; slot < 8; slot++)
        {
            small.Store(0, slot, Pte.None);
        }

        small.Event(Primitive.TlbFlushRange, mm: 0, first: 5, pages: 1);
        Assert.DoesNotContain(tlbs.Entries, entry => entry is { Cpu: 0, Pages: 4 });
        Assert.Contains(tlbs.Entries, entry => entry is { Cpu: 2, Pages: 4 });
        Assert.Equal([4u, 6u, 7u], PagesOf(tlbs, cpu: 0));
        Assert.All(tlbs.Entries, entry => Assert.True(entry.Block));
    }

    [Fact]
    public void Arm64_a_live_descriptor_brings_the_block_back()
    {
        var small = new ExplicitTlbMachine<Arm64>();
        var tlbs = small.Follow();
        StoreBlock(small);
        small.Store(0, 5, Pte.None);
        small.Event(Primitive.TlbFlushRange, mm: 0, first: 5, pages: 1);

        Assert.Contains(tlbs.Entries, entry => entry is { Cpu: 0, Pages: 4 });
        Assert.Equal([4u, 5u, 6u, 7u], PagesOf(tlbs, cpu: 0));
    }

    [Fact]
    public void Notifier_empties_and_bars_the_secondary_mmu_alone()
    {
        const byte Secondary = ExplicitTlbMachine<X86_64>.Secondary;
        var small = new ExplicitTlbMachine<X86_64>();
        var tlbs = small.Follow();
        small.Store(0, 0, ExplicitTlbMachine<X86_64>.Readable(Pfn));
        small.Store(0, 1, ExplicitTlbMachine<X86_64>.Readable(Pfn + 1));
        small.Event(Primitive.NotifierStart, mm: 0, first: 1, pages: 2);
        small.Store(0, 2, ExplicitTlbMachine<X86_64>.Readable(Pfn + 2));
        small.Store(0, 3, ExplicitTlbMachine<X86_64>.Readable(Pfn + 3));
        small.Store(2, 1, ExplicitTlbMachine<X86_64>.Readable(Pfn + 9));
        small.Store(0, 1, Pte.None);

        Assert.Equal([0u, 1u, 2u, 3u, 1u], PagesOf(tlbs, cpu: 0));
        Assert.Equal([0u, 3u, 1u], PagesOf(tlbs, Secondary));
        small.Event(Primitive.NotifierEnd, mm: 0, first: 1, pages: 2);
        Assert.Equal([0u, 2u, 3u, 1u], PagesOf(tlbs, Secondary));
    }

    [Fact]
    public void Arm64_no_block_of_the_secondary_mmu_reaches_into_a_barred_range()
    {
        const byte Secondary = ExplicitTlbMachine<Arm64>.Secondary;
        var small = new ExplicitTlbMachine<Arm64>();
        var tlbs = small.Follow();
        small.Event(Primitive.NotifierStart, mm: 0, first: 4, pages: 1);
        StoreBlock(small);
        Assert.Equal([5u, 6u, 7u], PagesOf(tlbs, Secondary));

        small.Event(Primitive.NotifierEnd, mm: 0, first: 4, pages: 1);
        Assert.Equal([4u, 5u, 6u, 7u], PagesOf(tlbs, Secondary));
    }

    private static void AssertInvisible<TArch>()
        where TArch : struct, IArch
    {
        var small = new ExplicitTlbMachine<TArch>();
        var tlbs = small.Follow();
        small.Store(0, 0, TArch.PfnPte(Pfn, TArch.PageNone));
        small.Store(0, 1, TArch.SwpEntryToPte(SwapType.MigrationRead, Pfn));
        small.Store(0, 2, TArch.SwpEntryToPte(SwapType.Marker, (ulong)PteMarkers.UffdWp));
        Assert.Empty(tlbs.Entries);
    }

    private static void StoreBlock(ExplicitTlbMachine<Arm64> small)
    {
        for (var page = 0; page < 4; page++)
        {
            var pte = ExplicitTlbMachine<Arm64>.Readable(Pfn + (ulong)page);
            small.Store(0, 4 + page, Arm64.PteMkCont(pte));
        }
    }

    private static IEnumerable<uint> PagesOf<TArch>(ExplicitTlbs<TArch> tlbs, byte cpu)
        where TArch : struct, IArch =>
        ExplicitTlbMachine<TArch>
            .Collect(tlbs)
            .Where(translation => translation.Cpu == cpu)
            .Select(translation => translation.Vpn);
}
