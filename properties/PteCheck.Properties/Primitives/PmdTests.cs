using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Primitives;

/// <summary>PMD entries, the life of page tables, and what CPUs may still walk.</summary>
public sealed class PmdTests
{
    private const int Slots = 8;
    private const byte SecondaryMmu = 2;
    private readonly Machine machine = new();
    private readonly Trace trace = new();
    private readonly FaultLog faults = new();
    private readonly KernelContext<X86_64> kernel;

    public PmdTests()
    {
        machine.Context = new(KernelVersion.V7_2, ShadowStack: false, Bbml2: false);
        machine.Slots = Slots;
        machine.ContPtes = 4;
        machine.Cpus = 2;
        machine.MmCount = 1;
        machine.Mms[0] = new() { CpuMask = 3, NrPtes = 1 };
        machine.AddTable(mm: 0, baseVpn: 0);
        machine.AddPmd(mm: 0, baseVpn: Slots, PmdEntry.None);
        machine.Ptes[0] = Readable(100).Word;
        kernel = new(machine, trace, faults);
    }

    [Fact]
    public void A_walk_finds_tables_and_pages_of_leaves()
    {
        Assert.Equal(0, machine.FindTable(0, 3));
        Assert.Equal(-1, machine.FindTable(0, Slots));
        Assert.Equal(Readable(100), machine.Walk<X86_64>(0, 0));
        machine.Pmds[1].Entry = PmdEntry.OfHuge(Readable(200));
        Assert.Equal(205ul, X86_64.PtePfn(machine.Walk<X86_64>(0, Slots + 5)));
        Assert.Equal(Pte.None, machine.PteAt(0, Slots + 5));
    }

    [Fact]
    public void What_an_unlinked_table_gave_stays_cached_until_the_flush()
    {
        var stale = new StaleSet<X86_64>(machine);
        var tlbs = new ExplicitTlbs<X86_64>(machine);
        stale.Reset();
        tlbs.Reset();
        trace.Listener = new Both(stale, tlbs);
        kernel.SpinLockPmd(0);
        kernel.PmdpHugeGetAndClear(0);
        Assert.Single(stale.Walks);

        // A word that is stored into the table now comes in through the cached pointer.
        kernel.SpinLockPtl(0);
        kernel.SetPteAt(kernel.PteOffsetMapOf(PmdEntry.OfTable(0), 3, 1), Readable(7));
        kernel.SpinUnlockPtl(0);
        Assert.Contains(Cached(stale), translation => translation is { Vpn: 3, Pfn: 7 });
        Assert.Equal(Cached(stale), Cached(tlbs));

        kernel.FlushTlbRange(0, 0, Slots);
        Assert.Empty(stale.Walks);
        Assert.Equal(Cached(stale), Cached(tlbs));
        Assert.All(Cached(stale), translation => Assert.Equal(SecondaryMmu, translation.Cpu));
    }

    [Fact]
    public void A_leaf_that_is_taken_away_stays_cached_page_by_page()
    {
        machine.Pmds[1].Entry = PmdEntry.OfHuge(Readable(200));
        var stale = new StaleSet<X86_64>(machine);
        var tlbs = new ExplicitTlbs<X86_64>(machine);
        stale.Reset();
        tlbs.Reset();
        trace.Listener = new Both(stale, tlbs);
        kernel.SpinLockPmd(0);
        kernel.PmdClear(1);
        kernel.FlushTlbRange(0, Slots, 1);

        Assert.Equal(Cached(stale), Cached(tlbs));
        Assert.Equal(
            2 * (Slots - 1) + Slots,
            Cached(stale).Count(translation => translation.Pfn >= 200)
        );
    }

    [Fact]
    public void The_pmd_lock_comes_before_page_table_locks()
    {
        kernel.SpinLockPtl(0);
        Assert.Throws<RunStoppedException>(() => kernel.SpinLockPmd(0));
        Assert.Equal(FaultKind.LockMisuse, faults.Faults[0].Kind);
    }

    [Fact]
    public void Nothing_changes_a_pmd_entry_without_its_lock()
    {
        kernel.PmdClear(0);
        Assert.Equal(FaultKind.PmdLockNotHeld, faults.Faults[0].Kind);
    }

    [Fact]
    public void A_table_is_linked_only_where_nothing_stands()
    {
        kernel.SpinLockPmd(0);
        var table = kernel.PteAllocOne(0, Slots);
        Assert.Throws<RunStoppedException>(() => kernel.PmdPopulate(0, table));
        Assert.Equal(FaultKind.PmdNotNone, faults.Faults[0].Kind);
    }

    [Fact]
    public void What_is_no_table_is_not_taken_for_one()
    {
        Assert.Throws<RunStoppedException>(() => kernel.PmdPgtable(PmdEntry.None));
        Assert.Equal(FaultKind.NotATable, faults.Faults[0].Kind);
    }

    [Theory]
    [InlineData(true, false, FaultKind.TableMisuse)]
    [InlineData(false, true, FaultKind.TableMisuse)]
    public void A_table_is_freed_unlinked_and_empty(bool linked, bool filled, FaultKind fault)
    {
        machine.Ptes[0] = filled ? machine.Ptes[0] : 0;
        if (!linked)
        {
            kernel.SpinLockPmd(0);
            kernel.PmdClear(0);
        }

        try
        {
            kernel.PteFreeDefer(0);
        }
        catch (RunStoppedException)
        {
            Assert.True(linked);
        }

        Assert.Equal(fault, faults.Faults[0].Kind);
    }

    [Fact]
    public void A_deposited_table_comes_back()
    {
        machine.Ptes[0] = 0;
        kernel.SpinLockPmd(0);
        kernel.PmdClear(0);
        kernel.PgtableTransHugeDeposit(0, 0);
        Assert.Equal(0, kernel.PgtableTransHugeWithdraw(0));
        kernel.PmdPopulate(0, 0);
        Assert.Equal(0, faults.Count);
        Assert.Throws<RunStoppedException>(() => kernel.PgtableTransHugeWithdraw(0));
    }

    [Fact]
    public void An_empty_place_gets_a_table_once()
    {
        Assert.True(kernel.PteAlloc(0, Slots + 1));
        Assert.True(kernel.PteAlloc(0, Slots + 2));
        Assert.Equal(1, machine.FindTable(0, Slots));
        Assert.Equal(2, machine.Mms[0].NrPtes);
        Assert.False(kernel.PteAlloc(0, 2 * Slots));
    }

    private static Pte Readable(ulong pfn) =>
        X86_64.PfnPte(pfn, X86_64.PageReadOnly(executable: false));

    private static List<Translation> Cached(StaleSet<X86_64> stale)
    {
        var cached = new List<Translation>();
        stale.Collect(cached);
        return cached;
    }

    private static List<Translation> Cached(ExplicitTlbs<X86_64> tlbs)
    {
        var cached = new List<Translation>();
        tlbs.Collect(cached);
        return cached;
    }

    private sealed class Both(StaleSet<X86_64> stale, ExplicitTlbs<X86_64> tlbs) : ITraceListener
    {
        public void OnEvent(in TraceEvent traceEvent)
        {
            stale.Apply(traceEvent);
            tlbs.OnEvent(traceEvent);
        }
    }
}
