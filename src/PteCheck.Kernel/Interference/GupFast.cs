using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// gup_fast_pte_range of one CPU with FOLL_PIN, and with FOLL_WRITE where the entry is writable: reads the
/// entry without a lock, takes the page, reads the entry again and gives up where it has changed (mm/gup.c).
/// </summary>
internal sealed class GupFast<TArch>(KernelContext<TArch> kernel)
    where TArch : struct, IArch
{
    private int mm;
    private uint vpn;
    private Pte read;
    private int folio;
    private bool grabbed;

    /// <summary>Forgets what the last run left.</summary>
    public void Begin()
    {
        folio = -1;
        grabbed = false;
    }

    /// <summary>Adds how far it is to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        hash.Add(folio);
        if (folio >= 0)
        {
            hash.Add(read.Word);
            hash.Add(((ulong)vpn << 32) | (uint)mm);
            hash.Add(grabbed);
        }
    }

    /// <summary>ptep_get_lockless, and what rules the page out at once.</summary>
    public void Read(int ofMm, uint page)
    {
        Begin();
        (mm, vpn) = (ofMm, page);
        read = kernel.Machine.PteAt(mm, vpn);
        var usable = TArch.PtePresent(read) && !TArch.PteProtnone(read) && !TArch.PteSpecial(read);
        folio = usable ? kernel.Machine.FolioOf(TArch.PtePfn(read)) : -1;
    }

    /// <summary>try_grab_folio_fast: fails on a folio without references, which is being freed.</summary>
    public void Grab()
    {
        if (folio >= 0 && !grabbed)
        {
            grabbed = kernel.TryGrabFolioFast(folio);
        }
    }

    /// <summary>Reads the entry again; a private page that is not exclusive must be unshared first and is not taken.</summary>
    public void Recheck(Pins<TArch> pins)
    {
        if (!grabbed)
        {
            return;
        }

        grabbed = false;
        var frame = kernel.Machine.FrameOf(TArch.PtePfn(read));
        if (kernel.Machine.PteAt(mm, vpn) != read || MustUnshare(frame))
        {
            kernel.GupPutFolio(folio);
            return;
        }

        pins.Add(mm, vpn, frame, TArch.PteWrite(read, kernel.Machine.Context));
    }

    /// <summary>gup_must_unshare.</summary>
    private bool MustUnshare(int frame) =>
        !TArch.PteWrite(read, kernel.Machine.Context)
        && kernel.Machine.Folios[folio].IsAnon
        && (kernel.Machine.PageFlags[frame] & Machine.AnonExclusive) == 0;
}
