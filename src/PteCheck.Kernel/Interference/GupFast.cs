using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// gup_fast_pmd_range and gup_fast_pte_range of one CPU with FOLL_PIN, and with FOLL_WRITE where the entry is
/// writable: with interrupts off it reads the PMD entry and an entry of the table found there without a lock,
/// takes the page, reads both again and gives up where either has changed (mm/gup.c).
/// </summary>
internal sealed class GupFast<TArch>(KernelContext<TArch> kernel)
    where TArch : struct, IArch
{
    private int mm;
    private uint vpn;
    private int pmd;
    private PmdEntry walked;
    private Pte read;
    private int folio;
    private bool grabbed;
    private bool walking;

    /// <summary>Forgets what the last run left.</summary>
    public void Begin()
    {
        folio = -1;
        grabbed = false;
        walking = false;
    }

    /// <summary>Adds how far it is to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        hash.Add(folio);
        hash.Add(walking);
        if (walking)
        {
            hash.Add(walked.Value);
            hash.Add(pmd);
        }

        if (walking || folio >= 0)
        {
            hash.Add(read.Word);
            hash.Add(((ulong)vpn << 32) | (uint)mm);
            hash.Add(grabbed);
        }
    }

    /// <summary>gup_fast_pmd_range: interrupts go off, and the PMD entry is read once for the table.</summary>
    public void Walk(int ofMm, uint page)
    {
        Leave();
        Begin();
        (mm, vpn) = (ofMm, page);
        pmd = kernel.Machine.FindPmd(mm, vpn);
        walked = pmd < 0 ? PmdEntry.None : kernel.Machine.Pmds[pmd].Entry;
        walking = true;
        if (walked.Table >= 0)
        {
            kernel.WalkerEnters(walked.Table);
        }
    }

    /// <summary>ptep_get_lockless in the table that the PMD entry gave, and what rules the page out at once.</summary>
    public void Read(int ofMm, uint page)
    {
        if (!walking || folio >= 0 || ofMm != mm || page != vpn)
        {
            Walk(ofMm, page);
        }

        read = Entry();
        var usable = TArch.PtePresent(read) && !TArch.PteProtnone(read) && !TArch.PteSpecial(read);
        folio = usable ? kernel.Machine.FolioOf(TArch.PtePfn(read)) : -1;
        if (folio < 0)
        {
            Leave();
        }
    }

    /// <summary>try_grab_folio_fast: fails on a folio without references, which is being freed.</summary>
    public void Grab()
    {
        if (folio >= 0 && !grabbed)
        {
            grabbed = kernel.TryGrabFolioFast(folio);
        }
    }

    /// <summary>Reads both entries again; a private page that is not exclusive must be unshared first and is not taken. Interrupts go on.</summary>
    public void Recheck(Pins<TArch> pins)
    {
        if (grabbed)
        {
            grabbed = false;
            var frame = kernel.Machine.FrameOf(TArch.PtePfn(read));
            var same = kernel.Machine.Pmds[pmd].Entry == walked && Entry() == read;
            var flagged = walked.IsHuge ? kernel.Machine.Folios[folio].FirstFrame : frame;
            if (same && !MustUnshare(flagged))
            {
                pins.Add(mm, vpn, frame, TArch.PteWrite(read, kernel.Machine.Context));
            }
            else
            {
                kernel.GupPutFolio(folio);
            }
        }

        Leave();
    }

    /// <summary>An IPI arrives: it is taken when interrupts go on again, so the walk goes on to its end first.</summary>
    public void Drain(Pins<TArch> pins)
    {
        if (walking)
        {
            Grab();
            Recheck(pins);
        }
    }

    private void Leave()
    {
        if (walking && walked.Table >= 0)
        {
            kernel.WalkerLeaves(walked.Table);
        }

        walking = false;

        folio = grabbed ? folio : -1;
    }

    /// <summary>The entry in the table that was found, wherever that is linked now; or the page of a leaf.</summary>
    private Pte Entry()
    {
        var slot = (int)vpn & (kernel.Machine.Slots - 1);
        return walked.Table >= 0
            ? new(kernel.Machine.Ptes[Machine.PteIndex(walked.Table, slot)])
            : walked.Page<TArch>(slot);
    }

    /// <summary>gup_must_unshare; of a leaf the first page speaks for all.</summary>
    private bool MustUnshare(int frame) =>
        !TArch.PteWrite(read, kernel.Machine.Context)
        && kernel.Machine.Folios[folio].IsAnon
        && (kernel.Machine.PageFlags[frame] & Machine.AnonExclusive) == 0;
}
