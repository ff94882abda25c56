using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// Relaxations R2 and R3, for operations that work on a folio. The one-PTE loop drops pages until it meets
/// a reason to stop; a batch that holds the entry at which it stopped is kept as a whole, and its dirty
/// is seen as a whole. So the candidate may keep pages directly before that entry, each as it was in the
/// beginning, and may see a dirty entry directly behind it: in the same VMA and table, without a gap.
/// </summary>
public sealed class PartialProgress<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private readonly bool[] keptPages = new bool[Machine.TableStride];
    private readonly int[] keptOfMm = new int[Machine.MaxMms];
    private int stopVma = -1;
    private uint stopVpn;

    /// <summary>Whether the one-PTE loop left an entry of the folio.</summary>
    public bool ReferenceStopped => stopVma >= 0;

    /// <summary>Pages that the candidate keeps and the one-PTE loop dropped.</summary>
    public int Kept { get; private set; }

    /// <summary>Looks at the case that has just been run.</summary>
    public void Begin()
    {
        stopVma = -1;
        Kept = 0;
        if (!run.Operation.WorksOnFolio)
        {
            return;
        }

        keptOfMm.AsSpan().Clear();
        keptPages.AsSpan().Clear();
        FindStop(run.ReferenceSide.Machine);
        if (stopVma < 0)
        {
            return;
        }

        int mm = run.Initial.Vmas[stopVma].Mm;
        for (var vpn = stopVpn; vpn-- > FirstPage() && IsKept(mm, vpn); )
        {
            Kept++;
            keptOfMm[mm]++;
            keptPages[PageOf(run.Initial.PteAt(mm, vpn))] = true;
        }
    }

    /// <summary>R2: whether the entry is one that the candidate may keep though the one-PTE loop dropped it.</summary>
    public bool MayKeep(int mm, uint vpn) =>
        Kept > 0
        && run.Initial.Vmas[stopVma].Mm == mm
        && vpn < stopVpn
        && vpn >= stopVpn - (uint)Kept;

    /// <summary>R2: pages kept in an mm.</summary>
    public int KeptOf(int mm) => Kept > 0 ? keptOfMm[mm] : 0;

    /// <summary>R2: whether a page of the folio is kept, 0 or 1 mapping.</summary>
    public int KeptPage(int page) => Kept > 0 && keptPages[page] ? 1 : 0;

    /// <summary>R3: the flags of the folio that the candidate may have and the one-PTE loop not.</summary>
    public FolioFlags ExtraFlags()
    {
        if (stopVma < 0)
        {
            return FolioFlags.None;
        }

        ref readonly var vma = ref run.Initial.Vmas[stopVma];
        var end = Math.Min(vma.End, (stopVpn | (uint)(run.Initial.Slots - 1)) + 1);
        for (var vpn = stopVpn; vpn < end; vpn++)
        {
            var pte = run.Initial.PteAt(vma.Mm, vpn);
            if (!TArch.PtePresent(pte) || PageOf(pte) < 0)
            {
                return FolioFlags.None;
            }

            if (TArch.PteDirty(pte))
            {
                return vma.Has(VmaFlags.Droppable)
                    ? FolioFlags.Dirty
                    : FolioFlags.Dirty | FolioFlags.Swapbacked;
            }
        }

        return FolioFlags.None;
    }

    /// <summary>The first entry of the folio that is left, in the order of the rmap walk.</summary>
    private void FindStop(Machine reference)
    {
        if (reference.Folios[run.Call.Folio].Mapcount == 0)
        {
            return;
        }

        for (var vma = 0; vma < reference.VmaCount; vma++)
        {
            ref readonly var owner = ref reference.Vmas[vma];
            for (var vpn = owner.Start; vpn < owner.End; vpn++)
            {
                if (PageOf(reference.PteAt(owner.Mm, vpn)) >= 0)
                {
                    stopVma = vma;
                    stopVpn = vpn;
                    return;
                }
            }
        }
    }

    private uint FirstPage() =>
        Math.Max(run.Initial.Vmas[stopVma].Start, stopVpn & ~(uint)(run.Initial.Slots - 1));

    private bool IsKept(int mm, uint vpn)
    {
        var initial = run.Initial.PteAt(mm, vpn);
        return TArch.PtePresent(initial)
            && PageOf(initial) >= 0
            && TArch.PteNone(run.ReferenceSide.Machine.PteAt(mm, vpn))
            && !TArch.PteNone(run.CandidateSide.Machine.PteAt(mm, vpn));
    }

    /// <summary>The page of the folio behind a present or device-exclusive entry, or -1.</summary>
    private int PageOf(Pte pte)
    {
        if (TArch.PteNone(pte))
        {
            return -1;
        }

        var present = TArch.PtePresent(pte);
        if (present ? TArch.PteSpecial(pte) : TArch.SwpType(pte) != SwapType.DeviceExclusive)
        {
            return -1;
        }

        var pfn = present ? TArch.PtePfn(pte) : TArch.SwpOffset(pte);
        return run.Initial.FolioOf(pfn) == run.Call.Folio
            ? run.Initial.FrameOf(pfn) - run.Initial.Folios[run.Call.Folio].FirstFrame
            : -1;
    }
}
