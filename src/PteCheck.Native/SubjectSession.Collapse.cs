using PteCheck.Kernel.CollapseFile;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Machines;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>Calls on PMD entries, tables as a whole, and what the page cache has.</summary>
internal sealed partial class SubjectSession<TArch>
{
    private const ulong Leaf = 1ul << 63;
    private const FolioFlags Gone = FolioFlags.Truncated | FolioFlags.Freed;
    private int filemapReferences;

    private (ulong Result, ulong Result2) CollapseCall(
        KernelContext<TArch> kernel,
        in SubjectRecord record
    )
    {
        var machine = kernel.Machine;
        switch (record.Op)
        {
            case SubjectOp.NullPage:
                kernel.NoteFault(FaultKind.NullPage, -1, 0, "page_folio");
                throw new RunStoppedException();
            case SubjectOp.PmdpGet:
                return (
                    Encode(kernel.PmdpGetLockless(Index(kernel, record.Table, machine.PmdCount))),
                    0
                );
            case SubjectOp.PteMapOf:
                return (MapOf(kernel, record), 0);
            case SubjectOp.PmdLock:
                kernel.SpinLockPmd(Index(kernel, record.Table, machine.MmCount));
                return default;
            case SubjectOp.PmdUnlock:
                kernel.SpinUnlockPmd(Index(kernel, record.Table, machine.MmCount));
                return default;
            case SubjectOp.PmdpCollapseFlush:
                var mm = Index(kernel, record.Nr, machine.MmCount);
                var pmd = Index(kernel, record.Table, machine.PmdCount);
                return (Encode(kernel.PmdpCollapseFlush(mm, pmd, (uint)record.A)), 0);
            case SubjectOp.MmDecNrPtes:
                kernel.MmDecNrPtes(Index(kernel, record.Table, machine.MmCount));
                return default;
            case SubjectOp.PteFreeDefer:
                FreeTable(kernel, record);
                return default;
            case SubjectOp.FilemapLockFolio:
                return (FilemapLockFolio(kernel, record.Table) ? 1ul : 0, 0);
            case SubjectOp.FolioUnlock:
                kernel.FolioUnlock(FolioOf(kernel, record));
                return default;
            case SubjectOp.DoSetPmd:
                return (DoSetPmd(kernel, record), 0);
            default:
                throw Bypass(kernel, "the log of calls");
        }
    }

    private static ulong Encode(PmdEntry entry) =>
        entry.IsNone ? 0
        : entry.Kind == PmdKind.Table ? entry.Value + 1
        : Leaf;

    private ulong MapOf(KernelContext<TArch> kernel, in SubjectRecord record)
    {
        var seen = kernel.PmdpGetLockless(Index(kernel, record.Table, kernel.Machine.PmdCount));
        if (seen.Table >= 0)
        {
            var vpn = (uint)record.A;
            var rest = kernel.Machine.Slots - (int)(vpn & (uint)(kernel.Machine.Slots - 1));
            maps[record.Nr & (AreaLayout.Aliases - 1)] = kernel.PteOffsetMapOf(seen, vpn, rest);
        }

        return Encode(seen);
    }

    private static void FreeTable(KernelContext<TArch> kernel, in SubjectRecord record)
    {
        if (record.Table < 0)
        {
            kernel.NoteFault(FaultKind.NotATable, -1, 0, "pmd_pgtable");
            throw new RunStoppedException();
        }

        kernel.PteFreeDefer(Index(kernel, record.Table, kernel.Machine.TableCount));
    }

    /// <summary>filemap_lock_folio: a folio that has left the page cache while its lock was waited for is none.</summary>
    private bool FilemapLockFolio(KernelContext<TArch> kernel, int folio)
    {
        if (!kernel.FilemapGetFolio(folio))
        {
            return false;
        }

        kernel.FolioLock(folio);
        if ((kernel.Machine.Folios[folio].Flags & Gone) == 0)
        {
            filemapReferences++;
            return true;
        }

        kernel.FolioUnlock(folio);
        kernel.FilemapPutFolio(folio);
        return false;
    }

    private static ulong DoSetPmd(KernelContext<TArch> kernel, in SubjectRecord record)
    {
        const ulong Fallback = 0x800;
        var pmd = Index(kernel, record.Table, kernel.Machine.PmdCount);
        var vma = Index(kernel, (int)record.A, kernel.Machine.VmaCount);
        var folio = Index(kernel, record.Nr, kernel.Machine.FolioCount);
        return SetHugePmd.DoSetPmd(kernel, vma, pmd, folio) ? 0 : Fallback;
    }
}
