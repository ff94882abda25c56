using PteCheck.Kernel.Primitives;
using PteCheck.Model.Machines;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>Calls on what is counted and noted of folios, on walks over their entries, and on flushes that are put off.</summary>
internal sealed partial class SubjectSession<TArch>
{
    private const ulong SwapCounter = 2;
    private MappedWalk walk;

    private (ulong Result, ulong Result2) CountCall(
        KernelContext<TArch> kernel,
        in SubjectRecord record
    )
    {
        switch (record.Op)
        {
            case SubjectOp.RemoveRmap:
                kernel.FolioRemoveRmapPtes(FolioOf(kernel, record), (int)record.A, record.Nr);
                return default;
            case SubjectOp.AddRmap:
                kernel.FolioAddRmapPtes(FolioOf(kernel, record), (int)record.A, record.Nr);
                return default;
            case SubjectOp.FolioRefAdd:
                kernel.FolioRefAdd(FolioOf(kernel, record), record.Nr);
                return default;
            case SubjectOp.FolioPutRefs:
                PutRefs(kernel, record);
                return default;
            case SubjectOp.AddMmCounter:
                Count(kernel, record);
                return default;
            case SubjectOp.FolioRefCount:
                return ((ulong)kernel.FolioRefCount(FolioOf(kernel, record)), 0);
            case SubjectOp.FolioMapcount:
                return ((ulong)kernel.FolioMapcount(FolioOf(kernel, record)), 0);
            case SubjectOp.FolioTestDirty:
                return (kernel.FolioTestDirty(FolioOf(kernel, record)) ? 1ul : 0, 0);
            case SubjectOp.FolioMarkDirty:
                kernel.FolioMarkDirty(FolioOf(kernel, record));
                return default;
            case SubjectOp.FolioSetSwapbacked:
                kernel.FolioSetSwapbacked(FolioOf(kernel, record));
                return default;
            default:
                return WalkCall(kernel, record);
        }
    }

    private (ulong Result, ulong Result2) WalkCall(
        KernelContext<TArch> kernel,
        in SubjectRecord record
    )
    {
        var machine = kernel.Machine;
        switch (record.Op)
        {
            case SubjectOp.Walk:
                TakeUpWalk(kernel, record);
                if (!kernel.PageVmaMappedWalk(ref walk))
                {
                    return default;
                }

                maps[record.Result2 & (AreaLayout.Aliases - 1)] = walk.Ptep;
                return (1 + (ulong)walk.Address, record.Result2);
            case SubjectOp.WalkDone:
                TakeUpWalk(kernel, record);
                kernel.PageVmaMappedWalkDone(ref walk);
                return default;
            case SubjectOp.NotifierStart or SubjectOp.NotifierEnd:
                Notify(kernel, record);
                return default;
            case SubjectOp.PtepClearFlush:
                var mm = Index(kernel, (int)record.B, machine.MmCount);
                var ptep = PointerOf(kernel, record);
                return (kernel.PtepClearFlush(mm, (uint)record.A, ptep).Word, 0);
            case SubjectOp.SetTlbUbcFlushPending:
                kernel.SetTlbUbcFlushPending(
                    Index(kernel, record.Table, machine.MmCount),
                    new(record.B),
                    (uint)record.A,
                    record.Nr
                );
                return default;
            case SubjectOp.TryToUnmapFlush:
                kernel.TryToUnmapFlush();
                return default;
            default:
                return CollapseCall(kernel, record);
        }
    }

    /// <summary>The reference that filemap_lock_folio took is put once; all others are those of mappings.</summary>
    private void PutRefs(KernelContext<TArch> kernel, in SubjectRecord record)
    {
        var folio = FolioOf(kernel, record);
        if (record.Nr == -1 && filemapReferences > 0)
        {
            filemapReferences--;
            kernel.FilemapPutFolio(folio);
            return;
        }

        kernel.FolioPutRefs(folio, -record.Nr);
    }

    private void Notify(KernelContext<TArch> kernel, in SubjectRecord record)
    {
        var mm = Index(kernel, record.Table, kernel.Machine.MmCount);
        if (record.Op == SubjectOp.NotifierStart)
        {
            if (subject.Operation == SubjectOperation.CollapseFile)
            {
                kernel.ScanPassed();
            }

            kernel.MmuNotifierInvalidateRangeStart(mm, (uint)record.A, record.Nr);
        }
        else
        {
            kernel.MmuNotifierInvalidateRangeEnd(mm, (uint)record.A, record.Nr);
        }
    }

    private static void Count(KernelContext<TArch> kernel, in SubjectRecord record)
    {
        var mm = Index(kernel, record.Table, kernel.Machine.MmCount);
        if (record.A == SwapCounter)
        {
            kernel.AddSwapEntries(mm, record.Nr);
            return;
        }

        var kind = record.A switch
        {
            0 => FolioKind.File,
            1 => FolioKind.Anon,
            _ => FolioKind.Shmem,
        };
        kernel.AddMmCounter(mm, kind, record.Nr);
    }

    /// <summary>The subject has the walk in its own hands: it goes on from where that stands.</summary>
    private void TakeUpWalk(KernelContext<TArch> kernel, in SubjectRecord record)
    {
        walk.Address = (uint)record.A;
        walk.Locked = record.Nr != 0;
        if (walk.Locked)
        {
            walk.Ptep = PointerOf(kernel, record);
        }
    }

    private static int FolioOf(KernelContext<TArch> kernel, in SubjectRecord record) =>
        Index(kernel, record.Table, kernel.Machine.FolioCount);
}
