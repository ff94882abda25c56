using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Architectures;

/// <summary>
/// A small machine for the TLB tests, with its TLBs: tables of 8 slots, contiguous blocks of 4, two
/// CPUs (the secondary MMU is number 2), mm 0 with two tables from page 0 on, mm 1 with one at page 0.
/// </summary>
internal sealed class ExplicitTlbMachine<TArch>
    where TArch : struct, IArch
{
    public const int Slots = 8;
    public const int ContPtes = 4;
    public const byte Secondary = 2;

    private readonly List<ExplicitTlbs<TArch>> followers = [];

    public ExplicitTlbMachine(uint cpuMaskOfMm0 = 3, uint cpuMaskOfMm1 = 3)
    {
        Machine.Architecture = TArch.Architecture;
        Machine.Context = new(KernelVersion.V7_2, ShadowStack: true, Bbml2: false);
        Machine.Slots = Slots;
        Machine.ContPtes = ContPtes;
        Machine.Cpus = Secondary;
        Machine.MmCount = 2;
        Machine.Mms[0].CpuMask = cpuMaskOfMm0;
        Machine.Mms[1].CpuMask = cpuMaskOfMm1;
        Machine.AddTable(mm: 0, baseVpn: 0);
        Machine.AddTable(mm: 0, baseVpn: Slots);
        Machine.AddTable(mm: 1, baseVpn: 0);
    }

    public Machine Machine { get; } = new();

    /// <summary>TLBs of this machine that see every later event.</summary>
    public ExplicitTlbs<TArch> Follow(ulong? fillSeed = null, bool fullRewalk = false)
    {
        var tlbs = new ExplicitTlbs<TArch>(Machine) { FullRewalk = fullRewalk };
        tlbs.Reset(fillSeed);
        followers.Add(tlbs);
        return tlbs;
    }

    /// <summary>A readable user entry, not writable, not dirty.</summary>
    public static Pte Readable(ulong pfn) =>
        TArch.PfnPte(pfn, TArch.PageReadOnly(executable: false));

    /// <summary>Changes one slot.</summary>
    public void Store(int table, int slot, Pte pte)
    {
        ref var word = ref Machine.Ptes[Machine.PteIndex(table, slot)];
        var old = word;
        word = pte.Word;
        Tell(
            new()
            {
                Op = Primitive.PteStore,
                Table = (short)table,
                Slot = (short)slot,
                Nr = 1,
                A = old,
                B = pte.Word,
            }
        );
    }

    /// <summary>An invalidation or a notifier call for pages of an mm.</summary>
    public void Event(Primitive op, int mm, uint first = 0, int pages = 0) =>
        Tell(
            new()
            {
                Op = op,
                Table = (short)mm,
                Nr = (short)pages,
                A = first,
            }
        );

    /// <summary>What some TLBs hold, page by page.</summary>
    public static List<Translation> Collect(ExplicitTlbs<TArch> tlbs)
    {
        List<Translation> into = [];
        tlbs.Collect(into);
        return into;
    }

    private void Tell(in TraceEvent traceEvent)
    {
        foreach (var tlbs in followers)
        {
            tlbs.OnEvent(traceEvent);
        }
    }
}
