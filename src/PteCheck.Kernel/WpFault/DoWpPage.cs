using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.WpFault;

/// <summary>
/// do_wp_page: a write to a page that is mapped without write. Left to user space where the entry is uffd-wp;
/// made writable where it is, in a shared mapping and for a page that is nobody else's; else copied.
/// </summary>
public static class DoWpPage
{
    /// <summary>Handles the fault. The page-table lock of the entry is held at the beginning, and dropped.</summary>
    public static FaultResult Run<TArch>(KernelContext<TArch> kernel, PageFault fault)
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        ref readonly var vma = ref machine.Vmas[fault.Vma];
        var asks = !fault.Decisions.Has(WpFaultDecisions.IgnoreUffd);
        if (asks && vma.Has(VmaFlags.UffdWp) && TArch.PteUffdWp(fault.OrigPte))
        {
            kernel.SpinUnlockPtl(fault.Ptep.Table);
            return FaultResult.Userfault;
        }

        // 6ce64428d620: uffd write protection may have deferred its flush, and the copy must be the last word.
        var flushes = !fault.Decisions.Has(WpFaultDecisions.NoPendingFlush);
        if (flushes && vma.Has(VmaFlags.UffdWp) && machine.Mms[fault.Mm].TlbFlushPending > 0)
        {
            kernel.FlushTlbRange(fault.Mm, fault.Vpn, 1);
        }

        var folio = kernel.VmNormalFolio(fault.OrigPte);
        if (vma.Has(VmaFlags.Shared))
        {
            return WpPageShared(kernel, fault, folio);
        }

        var frame = folio < 0 ? -1 : machine.FrameOf(TArch.PtePfn(fault.OrigPte));
        if (folio >= 0 && machine.Folios[folio].IsAnon)
        {
            var exclusive =
                (machine.PageFlags[frame] & Machine.AnonExclusive) != 0
                && !fault.Decisions.Has(WpFaultDecisions.CopyExclusive);
            if (
                exclusive
                || fault.Decisions.Has(WpFaultDecisions.ReuseShared)
                || WpCanReuseAnonFolio(kernel, fault.Mm, folio)
            )
            {
                if (!exclusive)
                {
                    kernel.SetPageAnonExclusive(folio, frame);
                }

                WpPageReuse(kernel, fault);
                return FaultResult.Reused;
            }
        }

        if (folio >= 0)
        {
            kernel.FolioRefAdd(folio, 1);
        }

        kernel.SpinUnlockPtl(fault.Ptep.Table);
        return WpPageCopy(kernel, fault, folio, frame);
    }

    /// <summary>wp_page_shared: page_mkwrite where the file has it, and a dirty folio in the end.</summary>
    private static FaultResult WpPageShared<TArch>(
        KernelContext<TArch> kernel,
        PageFault fault,
        int folio
    )
        where TArch : struct, IArch
    {
        var table = fault.Ptep.Table;
        if (folio < 0)
        {
            kernel.SpinUnlockPtl(table);
            return FaultResult.NotModelled;
        }

        ref readonly var owner = ref kernel.Machine.Folios[folio];
        if ((owner.Flags & FolioFlags.Locked) != 0)
        {
            kernel.SpinUnlockPtl(table);
            return FaultResult.WouldBlock;
        }

        kernel.FolioRefAdd(folio, 1);
        if (owner.Kind == FolioKind.File)
        {
            kernel.SpinUnlockPtl(table);
            kernel.CondResched();
            kernel.SpinLockPtl(table);
            if (kernel.PtepGet(fault.Ptep) != fault.OrigPte)
            {
                kernel.SpinUnlockPtl(table);
                kernel.FolioPutRefs(folio, 1);
                return FaultResult.Spurious;
            }
        }

        WpPageReuse(kernel, fault);
        if (!fault.Decisions.Has(WpFaultDecisions.ForgetDirty))
        {
            kernel.FolioMarkDirty(folio);
        }

        kernel.FolioPutRefs(folio, 1);
        return FaultResult.Shared;
    }

    /// <summary>
    /// wp_can_reuse_anon_folio: whether this mapping holds the only reference of a small folio, or the mm's
    /// mappings hold all of a large one of which more than one page is mapped (since 6.15). A folio in the swap cache
    /// counts as somebody else's.
    /// </summary>
    private static bool WpCanReuseAnonFolio<TArch>(KernelContext<TArch> kernel, int mm, int folio)
        where TArch : struct, IArch
    {
        ref readonly var owner = ref kernel.Machine.Folios[folio];
        return owner.IsLarge
            ? owner.Mapcount > 1
                && owner.Mapcount == owner.RefCount
                && MappingsIn(kernel, mm, folio) == owner.Mapcount
            : owner.RefCount == 1 && (owner.Flags & FolioFlags.Locked) == 0;
    }

    /// <summary>Mappings of a folio in one mm, by its entries: what the folio's mm ids stand for.</summary>
    private static int MappingsIn<TArch>(KernelContext<TArch> kernel, int mm, int folio)
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        var count = 0;
        for (var table = 0; table < machine.TableCount; table++)
        {
            if (machine.Tables[table].Mm != mm || !machine.IsLinked(table))
            {
                continue;
            }

            foreach (var word in machine.TableWords(table))
            {
                count += kernel.MapsFolio(new(word), folio) ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>wp_page_reuse: writable, dirty and young where it is; then the unlock.</summary>
    private static void WpPageReuse<TArch>(KernelContext<TArch> kernel, in PageFault fault)
        where TArch : struct, IArch
    {
        var entry = TArch.PteMkDirty(TArch.PteMkYoung(fault.OrigPte));
        entry = DoAnonymousPage.MaybeMkWrite<TArch>(
            entry,
            kernel.Machine.Vmas[fault.Vma],
            kernel.Machine.Context
        );
        kernel.PtepSetAccessFlags(fault.Ptep, entry, dirty: true);
        kernel.SpinUnlockPtl(fault.Ptep.Table);
    }

    /// <summary>wp_page_copy: a new page with the contents of the old one, or with zeroes in place of the zero page.</summary>
    private static FaultResult WpPageCopy<TArch>(
        KernelContext<TArch> kernel,
        PageFault fault,
        int oldFolio,
        int oldFrame
    )
        where TArch : struct, IArch
    {
        kernel.CondResched();
        var folio = kernel.FolioPrealloc();
        if (folio >= 0 && oldFolio >= 0 && !fault.Decisions.Has(WpFaultDecisions.NoCopy))
        {
            kernel.CopyPage(oldFrame, kernel.Machine.Folios[folio].FirstFrame);
        }

        var result = FaultResult.WouldBlock;
        if (folio >= 0)
        {
            var notify = !fault.Decisions.Has(WpFaultDecisions.NoNotifier);
            if (notify)
            {
                kernel.MmuNotifierInvalidateRangeStart(fault.Mm, fault.Vpn, 1);
            }

            fault.Ptep = kernel.PteOffsetMapLock(fault.Mm, fault.Vpn, 1);
            var same = kernel.PtepGet(fault.Ptep) == fault.OrigPte;
            result = same ? FaultResult.Copied : FaultResult.Spurious;
            if (same)
            {
                Replace(kernel, fault, folio, oldFolio, oldFrame);
            }

            kernel.SpinUnlockPtl(fault.Ptep.Table);
            if (same && fault.Decisions.Has(WpFaultDecisions.FlushAfterUnlock))
            {
                kernel.FlushTlbRange(fault.Mm, fault.Vpn, 1);
            }

            if (notify)
            {
                kernel.MmuNotifierInvalidateRangeEnd(fault.Mm, fault.Vpn, 1);
            }

            if (!same)
            {
                kernel.FolioPutRefs(folio, 1);
            }
        }

        if (oldFolio >= 0)
        {
            kernel.FolioPutRefs(oldFolio, result == FaultResult.Copied ? 2 : 1);
        }

        return result;
    }

    /// <summary>The part of wp_page_copy under the lock: the old entry is cleared and flushed before the new one is set.</summary>
    private static void Replace<TArch>(
        KernelContext<TArch> kernel,
        in PageFault fault,
        int folio,
        int oldFolio,
        int oldFrame
    )
        where TArch : struct, IArch
    {
        var oldKind = oldFolio < 0 ? FolioKind.File : kernel.Machine.Folios[oldFolio].Kind;
        if (oldFolio < 0 || oldKind is FolioKind.File or FolioKind.Shmem)
        {
            if (oldFolio >= 0)
            {
                kernel.AddMmCounter(fault.Mm, oldKind, -1);
            }

            kernel.AddMmCounter(fault.Mm, FolioKind.Anon, 1);
        }

        if (fault.Decisions.Has(WpFaultDecisions.FlushAfterUnlock))
        {
            kernel.PtepGetAndClear(fault.Ptep);
        }
        else
        {
            kernel.PtepClearFlush(fault.Mm, fault.Vpn, fault.Ptep);
        }

        kernel.FolioAddNewAnonRmap(folio, fault.Vma);
        kernel.SetPteAt(fault.Ptep, DoAnonymousPage.Writable(kernel, fault.Vma, folio));
        if (oldFolio >= 0 && !fault.Decisions.Has(WpFaultDecisions.KeepRmap))
        {
            kernel.FolioRemoveRmapPtes(oldFolio, oldFrame, 1);
        }
    }
}
