using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.FolioPteBatch;

/// <summary>
/// The definition of a batch, entry by entry: the longest run of present entries that map consecutive pages of one
/// folio and are equal in all that the flags do not ignore, within the maximum and the table. No hints and no keys
/// carried along: every entry is compared with the first.
/// </summary>
internal static class PerPte
{
    /// <summary>Counts the batch that begins at an entry.</summary>
    public static BatchAnswer Count<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        PtePointer ptep,
        int maxNr
    )
        where TArch : struct, IArch
    {
        var context = kernel.Machine.Context;
        var flags = Meant(call.Batch, context.Kernel);
        var first = kernel.PtepGet(ptep);
        var folio = TArch.PtePresent(first) ? kernel.VmNormalFolio(first) : -1;
        if (folio < 0 || !kernel.Machine.Folios[folio].IsLarge)
        {
            return BatchAnswer.Of(kernel, 1, first);
        }

        bool writable = false,
            young = false,
            dirty = false;
        var nr = 1;
        for (; nr < maxNr; nr++)
        {
            if (kernel.Machine.FolioOf(TArch.PtePfn(first) + (ulong)nr) != folio)
            {
                break;
            }

            var entry = kernel.PtepGet(ptep.Add(nr));
            if (!IsNext(kernel, first, entry, nr, flags))
            {
                break;
            }

            writable |= TArch.PteWrite(entry, context);
            young |= TArch.PteYoung(entry);
            dirty |= TArch.PteDirty(entry);
        }

        if (context.Kernel == KernelVersion.V6_15)
        {
            return new(
                nr,
                first,
                BatchAnswer.Of(kernel, nr, first).Told | BatchAnswer.TellOf(writable, young, dirty)
            );
        }

        var copy = Merge(kernel, call, first, (writable, young, dirty));
        return BatchAnswer.Of(kernel, nr, copy);
    }

    /// <summary>The flags as the generation knows them: before 6.17 write is never respected.</summary>
    private static FpbFlags Meant(FpbFlags flags, KernelVersion version) =>
        version == KernelVersion.V6_15 ? flags & ~FpbFlags.RespectWrite : flags;

    /// <summary>Whether an entry is what the first would be <paramref name="nr"/> pages on.</summary>
    private static bool IsNext<TArch>(
        KernelContext<TArch> kernel,
        Pte first,
        Pte entry,
        int nr,
        FpbFlags flags
    )
        where TArch : struct, IArch
    {
        if (!TArch.PtePresent(entry) || TArch.PtePfn(entry) != TArch.PtePfn(first) + (ulong)nr)
        {
            return false;
        }

        var context = kernel.Machine.Context;
        if (
            Differs(
                FpbFlags.RespectWrite,
                TArch.PteWrite(first, context),
                TArch.PteWrite(entry, context)
            )
            || Differs(FpbFlags.RespectDirty, TArch.PteDirty(first), TArch.PteDirty(entry))
            || Differs(
                FpbFlags.RespectSoftDirty,
                TArch.PteSoftDirty(first),
                TArch.PteSoftDirty(entry)
            )
        )
        {
            return false;
        }

        return TArch.PteAdvancePfn(Rest<TArch>(entry), -nr) == Rest<TArch>(first);

        bool Differs(FpbFlags flag, bool one, bool other) => (flags & flag) != 0 && one != other;
    }

    /// <summary>The bits that no flag makes the helper ignore.</summary>
    private static Pte Rest<TArch>(Pte pte)
        where TArch : struct, IArch =>
        TArch.PteMkOld(TArch.PteWrProtect(TArch.PteClearSoftDirty(TArch.PteMkClean(pte))));

    /// <summary>The caller's copy gains what later entries have, as far as the flags ask for it; a writable one stays as it is.</summary>
    private static Pte Merge<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        Pte copy,
        (bool Writable, bool Young, bool Dirty) later
    )
        where TArch : struct, IArch
    {
        var context = kernel.Machine.Context;
        if (
            (call.Batch & FpbFlags.MergeWrite) != 0
            && later.Writable
            && !TArch.PteWrite(copy, context)
        )
        {
            var shadowStack = kernel.Machine.Vmas[call.Vma].Has(VmaFlags.ShadowStack);
            copy = TArch.PteMkWrite(copy, shadowStack, context);
        }

        if ((call.Batch & FpbFlags.MergeYoungDirty) != 0)
        {
            copy = later.Young ? TArch.PteMkYoung(copy) : copy;
            copy = later.Dirty ? TArch.PteMkDirty(copy) : copy;
        }

        return copy;
    }
}
