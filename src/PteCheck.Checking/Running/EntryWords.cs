using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Running;

/// <summary>From the entries of a scenario to words of an architecture.</summary>
public static class EntryWords
{
    /// <summary>The word of an entry.</summary>
    /// <param name="pte">The entry.</param>
    /// <param name="pfn">PFN of the page that it refers to, if it does.</param>
    /// <param name="vma">Rights and kinds of its VMA.</param>
    public static Pte Build<TArch>(in PteSpec pte, ulong pfn, VmaFlags vma)
        where TArch : struct, IArch =>
        pte.Kind switch
        {
            EntryKind.Present => Present<TArch>(pte, pfn, vma),
            EntryKind.Zero => Zero<TArch>(pte, vma),
            EntryKind.None => Pte.None,
            _ => NonPresent<TArch>(pte, pfn),
        };

    private static Pte Present<TArch>(in PteSpec pte, ulong pfn, VmaFlags vma)
        where TArch : struct, IArch
    {
        var executable = (vma & VmaFlags.Exec) != 0;
        var prot = pte.Has(PteBits.Protnone) ? TArch.PageNone : TArch.PageReadOnly(executable);
        var word = TArch.PteMkOld(TArch.PfnPte(pfn, prot));
        if (pte.Has(PteBits.Write))
        {
            var newest = new PteContext(KernelVersion.V7_2, ShadowStack: true, Bbml2: false);
            word = TArch.PteMkWrite(word, (vma & VmaFlags.ShadowStack) != 0, newest);
        }

        if (pte.Has(PteBits.Dirty) && !TArch.PteDirty(word))
        {
            word = TArch.PteClearSoftDirty(TArch.PteMkDirty(word));
        }

        word = pte.Has(PteBits.Young) ? TArch.PteMkYoung(word) : word;
        word = pte.Has(PteBits.SoftDirty) ? TArch.PteMkSoftDirty(word) : word;
        return pte.Has(PteBits.UffdWp) ? TArch.PteMkUffdWp(word) : word;
    }

    private static Pte Zero<TArch>(in PteSpec pte, VmaFlags vma)
        where TArch : struct, IArch
    {
        var prot = TArch.PageReadOnly((vma & VmaFlags.Exec) != 0);
        var word = TArch.PteMkSpecial(TArch.PteMkOld(TArch.PfnPte(Machine.ZeroPfn, prot)));
        word = pte.Has(PteBits.Young) ? TArch.PteMkYoung(word) : word;
        word = pte.Has(PteBits.SoftDirty) ? TArch.PteMkSoftDirty(word) : word;
        return pte.Has(PteBits.UffdWp) ? TArch.PteMkUffdWp(word) : word;
    }

    private static Pte NonPresent<TArch>(in PteSpec pte, ulong pfn)
        where TArch : struct, IArch
    {
        var word = pte.Kind switch
        {
            EntryKind.Swap => TArch.SwpEntryToPte(
                SwapType.FirstDevice + pte.SwapDevice,
                (ulong)pte.SwapOffset
            ),
            EntryKind.MigrationRead => TArch.SwpEntryToPte(SwapType.MigrationRead, pfn),
            EntryKind.MigrationReadExclusive => TArch.SwpEntryToPte(
                SwapType.MigrationReadExclusive,
                pfn
            ),
            EntryKind.MigrationWrite => TArch.SwpEntryToPte(SwapType.MigrationWrite, pfn),
            EntryKind.DeviceExclusive => TArch.SwpEntryToPte(SwapType.DeviceExclusive, pfn),
            EntryKind.HwPoison => TArch.SwpEntryToPte(SwapType.HwPoison, pfn),
            _ => TArch.SwpEntryToPte(SwapType.Marker, (ulong)pte.Markers),
        };
        word = pte.Has(PteBits.SoftDirty) ? TArch.PteSwpMkSoftDirty(word) : word;
        word = pte.Has(PteBits.UffdWp) ? TArch.PteSwpMkUffdWp(word) : word;
        return pte.Has(PteBits.Exclusive) ? TArch.PteSwpMkExclusive(word) : word;
    }
}
