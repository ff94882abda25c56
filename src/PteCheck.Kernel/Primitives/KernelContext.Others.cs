using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>What others than the operation do to the machine: hardware walkers, loads and stores, GUP-fast (mm/gup.c).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>The hardware walker changes young or dirty of a live entry, of a leaf for all of it.</summary>
    public void WalkerUpdate(int mm, uint vpn, Pte pte)
    {
        var pmd = Machine.FindPmd(mm, vpn);
        var slot = (int)vpn & (Machine.Slots - 1);
        if (Machine.Pmds[pmd].Entry.IsHuge)
        {
            var value = PmdEntry.OfHuge(TArch.PteAdvancePfn(pte, -slot));
            if (Machine.Pmds[pmd].Entry != value)
            {
                WalkerUpdateHuge(pmd, value);
            }

            return;
        }

        var table = Machine.Pmds[pmd].Entry.Table;
        if (Load(table, slot) != pte)
        {
            Replace(table, slot, pte, byArch: false);
        }
    }

    private void WalkerUpdateHuge(int pmd, PmdEntry value)
    {
        var old = Machine.Pmds[pmd].Entry;
        Machine.Pmds[pmd].Entry = value;
        Record(Primitive.PmdStore, pmd, (int)old.Kind, (int)value.Kind, old.Value, value.Value);
    }

    /// <summary>A CPU reads a page's content.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="mm">The mm.</param>
    /// <param name="vpn">The page number.</param>
    /// <param name="frame">The frame behind the translation, or <see cref="AccessEvent.NoFrame"/> for the zero page.</param>
    /// <param name="isStale">Whether no entry gives the translation any more.</param>
    public void CpuLoad(int cpu, int mm, uint vpn, int frame, bool isStale) =>
        Record(
            Primitive.CpuLoad,
            mm,
            cpu,
            isStale ? 1 : 0,
            AccessEvent.Pack(vpn, frame),
            frame < 0 ? Machine.ZeroContent : Machine.PageContents[frame]
        );

    /// <summary>A CPU writes a page's content.</summary>
    public void CpuStore(int cpu, int mm, uint vpn, int frame, ulong token, bool isStale)
    {
        Record(Primitive.CpuStore, mm, cpu, isStale ? 1 : 0, AccessEvent.Pack(vpn, frame), token);
        Machine.PageContents[frame] = token;
    }

    /// <summary>copy_from_user of a fill (mfill_atomic_pte_copy): the page that is about to be mapped holds what user space gave.</summary>
    public void CopyFromUser(int mm, uint vpn, int frame, ulong token)
    {
        Record(Primitive.CopyFromUser, mm, a: AccessEvent.Pack(vpn, frame), b: token);
        Machine.PageContents[frame] = token;
    }

    /// <summary>A device reads or writes a pinned page, at its frame whatever the tables say.</summary>
    public void DeviceAccess(int mm, uint vpn, int frame, bool store, ulong token)
    {
        var content = store ? token : Machine.PageContents[frame];
        var op = store ? Primitive.DeviceStore : Primitive.DeviceLoad;
        Record(op, mm, a: AccessEvent.Pack(vpn, frame), b: content);
        Machine.PageContents[frame] = content;
    }

    /// <summary>try_grab_folio_fast with FOLL_PIN: a reference and a pin, unless the last reference is gone.</summary>
    public bool TryGrabFolioFast(int folio)
    {
        ref var owner = ref Machine.Folios[folio];
        if (owner.RefCount <= 0)
        {
            return false;
        }

        Record(Primitive.FolioRef, folio, nr: 1);
        owner.RefCount++;
        owner.ExtraRefs++;
        owner.Pins++;
        return true;
    }

    /// <summary>gup_put_folio: gives reference and pin back; the last reference frees the folio.</summary>
    public void GupPutFolio(int folio)
    {
        ref var owner = ref Machine.Folios[folio];
        owner.ExtraRefs--;
        owner.Pins--;
        FolioRefAdd(folio, -1);
        if (owner.RefCount == 0)
        {
            FreeFolio(folio);
        }
    }

    /// <summary>folio_test_clear_dirty.</summary>
    public bool FolioTestClearDirty(int folio)
    {
        ref var flags = ref Machine.Folios[folio].Flags;
        var dirty = (flags & FolioFlags.Dirty) != 0;
        Record(Primitive.FolioFlags, folio);
        flags &= ~FolioFlags.Dirty;
        return dirty;
    }

    /// <summary>Write-out: the disk gets what the pages of the folio hold now.</summary>
    public void WriteOut(int folio)
    {
        var first = Machine.Folios[folio].FirstFrame;
        for (var frame = first; frame < first + Machine.Folios[folio].Pages; frame++)
        {
            Record(Primitive.WriteOut, folio, a: (ulong)frame, b: Machine.PageContents[frame]);
        }
    }

    /// <summary>User space has given pages up: MADV_DONTNEED, truncation.</summary>
    public void UserDiscard(int mm, uint vpn, int pages) =>
        Record(Primitive.UserDiscard, mm, nr: pages, a: vpn);

    /// <summary>GUP-fast has the page pinned for its caller.</summary>
    public void GupPin(int mm, uint vpn, int frame) =>
        Record(Primitive.GupPin, mm, a: AccessEvent.Pack(vpn, frame));

    /// <summary>unpin_user_page begins.</summary>
    public void GupUnpin(int mm, uint vpn, int frame) =>
        Record(Primitive.GupUnpin, mm, a: AccessEvent.Pack(vpn, frame));
}
