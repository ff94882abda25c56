using PteCheck.Kernel.FolioPteBatch;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>From each record to the primitive that it names.</summary>
internal sealed partial class SubjectSession<TArch>
{
    /// <returns>What the primitive returns here: by value, and through a pointer.</returns>
    private (ulong Result, ulong Result2) Call(
        KernelContext<TArch> kernel,
        in SubjectRecord record,
        in SubjectInvocation range
    )
    {
        switch (record.Op)
        {
            case SubjectOp.PteMap or SubjectOp.PteMapLock:
                return ((ulong)Map(kernel, record, range), 0);
            case SubjectOp.PtepGet:
                return (kernel.PtepGet(PointerOf(kernel, record)).Word, 0);
            case SubjectOp.PtepGetAndClear:
                return (kernel.PtepGetAndClear(PointerOf(kernel, record)).Word, 0);
            case SubjectOp.PteClear:
                kernel.PteClear(PointerOf(kernel, record));
                return default;
            case SubjectOp.GetAndClearPtes:
                kernel.NoteBatch(record.Nr);
                return (kernel.GetAndClearFullPtes(PointerOf(kernel, record), record.Nr).Word, 0);
            case SubjectOp.ContpteTryUnfold:
                Index(kernel, record.Slot, kernel.Machine.Slots);
                kernel.ContpteTryUnfold(PointerOf(kernel, record));
                return default;
            case SubjectOp.SetPtes:
                kernel.SetPtes(PointerOf(kernel, record), new(record.A), record.Nr);
                return default;
            case SubjectOp.FolioPteBatch615 or SubjectOp.FolioPteBatchFlags:
                return Batch(kernel, record);
            case SubjectOp.BatchReturn:
                FolioPteBatchOperation.Returns(
                    kernel,
                    PointerOf(kernel, record),
                    record.Nr,
                    new(record.A),
                    (BatchTold)record.B
                );
                return default;
            default:
                return OtherCall(kernel, record);
        }
    }

    private (ulong Result, ulong Result2) OtherCall(
        KernelContext<TArch> kernel,
        in SubjectRecord record
    )
    {
        var machine = kernel.Machine;
        switch (record.Op)
        {
            case SubjectOp.PtlLock:
                kernel.SpinLockPtl(Index(kernel, record.Table, machine.TableCount));
                return default;
            case SubjectOp.PtlUnlock:
                kernel.SpinUnlockPtl(Index(kernel, record.Table, machine.TableCount));
                return default;
            case SubjectOp.IMmapLock
            or SubjectOp.AnonVmaLock
            or SubjectOp.IMmapUnlock
            or SubjectOp.AnonVmaUnlock:
                RmapLocks(kernel, record);
                return default;
            case SubjectOp.FlushTlbRange:
                kernel.FlushTlbRange(
                    Index(kernel, record.Table, machine.MmCount),
                    (uint)record.A,
                    record.Nr
                );
                return default;
            case SubjectOp.FlushTlbMm:
                kernel.FlushTlbMm(Index(kernel, record.Table, machine.MmCount));
                return default;
            case SubjectOp.FlushTlbBatchedPending:
                var mm = Index(kernel, record.Table, machine.MmCount);
                kernel.FlushTlbBatchedPending(mm);
                return (machine.Mms[mm].TlbFlushBatched, 0);
            case SubjectOp.MightSleep:
                kernel.CondResched();
                return default;
            case SubjectOp.PageOfEntry:
                kernel.PageFolio(new(record.A));
                return default;
            default:
                return CountCall(kernel, record);
        }
    }

    /// <summary>pte_offset_map: the pointer may be walked over what is left of the range that it points into.</summary>
    private int Map(
        KernelContext<TArch> kernel,
        in SubjectRecord record,
        in SubjectInvocation range
    )
    {
        var vpn = (uint)record.A;
        var mm = Index(kernel, (int)record.B, kernel.Machine.MmCount);
        var pages =
            vpn - range.Vpn < range.Pages ? range.Vpn + range.Pages - vpn
            : vpn - range.NewVpn < range.Pages ? range.NewVpn + range.Pages - vpn
            : (uint)(kernel.Machine.Slots - (vpn & (uint)(kernel.Machine.Slots - 1)));
        if (kernel.Machine.FindTable(mm, vpn) != record.Table)
        {
            throw Bypass(kernel, "pte_offset_map of an address that the PMD is not of");
        }

        ref var map = ref maps[record.Nr & (AreaLayout.Aliases - 1)];
        if (record.Op == SubjectOp.PteMapLock && subject.Operation == SubjectOperation.CollapseFile)
        {
            return kernel.TryPteOffsetMapLock(mm, vpn, (int)pages, out map) ? map.Table : -1;
        }

        map =
            record.Op == SubjectOp.PteMapLock
                ? kernel.PteOffsetMapLock(mm, vpn, (int)pages)
                : kernel.PteOffsetMap(mm, vpn, (int)pages);
        return map.Table;
    }

    /// <summary>The pointer of a record, with the range of the call that handed it out.</summary>
    private PtePointer PointerOf(KernelContext<TArch> kernel, in SubjectRecord record)
    {
        var map = maps[record.Alias & (AreaLayout.Aliases - 1)];
        var table = Index(kernel, record.Table, kernel.Machine.TableCount);
        return table == map.Table && map.End > 0
            ? map with
            {
                Slot = record.Slot,
            }
            : new((short)table, record.Slot, 0, (short)kernel.Machine.Slots);
    }

    private (ulong Result, ulong Result2) Batch(
        KernelContext<TArch> kernel,
        in SubjectRecord record
    )
    {
        var folio = Index(kernel, (int)(uint)record.B, kernel.Machine.FolioCount);
        var vma = Index(kernel, (int)(record.B >> 32) & 0xffff, kernel.Machine.VmaCount);
        var flags = (int)(record.B >> 48);
        var ptep = PointerOf(kernel, record);
        var pte = new Pte(record.A);
        if (record.Op == SubjectOp.FolioPteBatch615)
        {
            var batch = kernel.FolioPteBatch615(folio, ptep, pte, record.Nr, (FpbIgnoreFlags)flags);
            var any =
                (batch.AnyWritable ? 1u : 0)
                + (batch.AnyYoung ? 2u : 0)
                + (batch.AnyDirty ? 4u : 0);
            return ((ulong)batch.Nr, any);
        }

        var nr = kernel.FolioPteBatchFlags(folio, vma, ptep, ref pte, record.Nr, (FpbFlags)flags);
        return ((ulong)nr, pte.Word);
    }

    /// <summary>The two locks of the reverse map are one event where a call for one follows right upon that for the other.</summary>
    private void RmapLocks(KernelContext<TArch> kernel, in SubjectRecord record)
    {
        var vma = Index(kernel, record.Nr, kernel.Machine.VmaCount);
        var isLock = record.Op is SubjectOp.IMmapLock or SubjectOp.AnonVmaLock;
        var mapping = record.Op is SubjectOp.IMmapLock or SubjectOp.IMmapUnlock;
        var partner = isLock ? SubjectOp.AnonVmaLock : SubjectOp.IMmapUnlock;
        var records = answers.Records(index);
        var both =
            record.Op != partner
            && next < records.Length
            && records[next].Op == partner
            && records[next].Nr == record.Nr
            && (records[next].Flags & SubjectRecord.Returned) != 0;
        next += both ? 1 : 0;
        if (isLock)
        {
            kernel.RmapLockWrite(vma, mapping || both, anonVma: !mapping || both);
        }
        else
        {
            kernel.RmapUnlockWrite(vma, mapping || both, anonVma: !mapping || both);
        }
    }

    private static int Index(KernelContext<TArch> kernel, int index, int count) =>
        index >= 0 && index < count ? index : throw Bypass(kernel, "the log of calls");
}
