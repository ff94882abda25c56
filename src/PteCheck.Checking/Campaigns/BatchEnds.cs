using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Campaigns;

/// <summary>What may end a batch: the next entry differs from its last one, or is out of reach.</summary>
internal static class BatchEnds
{
    /// <summary>All of them, as cells name them.</summary>
    public static readonly string[] Names =
    [
        "write",
        "dirty",
        "soft-dirty",
        "uffd-wp",
        "protnone",
        "cont",
        "pfn",
        "table",
        "vma",
        "folio",
        "range",
    ];

    /// <summary>What ended a batch.</summary>
    /// <param name="initial">The machine as it was when the run began.</param>
    /// <param name="call">The arguments of the operation.</param>
    /// <param name="mm">The mm of the batch.</param>
    /// <param name="last">Its last entry.</param>
    /// <param name="next">The page after it.</param>
    public static string Of<TArch>(
        Machine initial,
        in OperationCall call,
        int mm,
        Pte last,
        uint next
    )
        where TArch : struct, IArch
    {
        // An extent ends with the source table or with the destination table.
        var lastSlot = (uint)(initial.Slots - 1);
        if ((next & lastSlot) == 0 || ((next - call.Vpn + call.NewVpn) & lastSlot) == 0)
        {
            return "table";
        }

        if (initial.FindVma(mm, next) != initial.FindVma(mm, next - 1))
        {
            return "vma";
        }

        if (mm == call.Mm && next == call.Vpn + call.Pages)
        {
            return "range";
        }

        var folio = initial.FolioOf(TArch.PtePfn(last));
        var expected = TArch.PtePfn(last) + 1;
        if (initial.FolioOf(expected) != folio)
        {
            return "folio";
        }

        var entry = initial.PteAt(mm, next);
        if (!TArch.PtePresent(entry))
        {
            return "pfn";
        }

        return TArch.PtePfn(entry) != expected ? "pfn" : DifferenceOf<TArch>(initial, last, entry);
    }

    private static string DifferenceOf<TArch>(Machine initial, Pte last, Pte entry)
        where TArch : struct, IArch
    {
        if (TArch.PteProtnone(last) != TArch.PteProtnone(entry))
        {
            return "protnone";
        }

        if (TArch.PteUffdWp(last) != TArch.PteUffdWp(entry))
        {
            return "uffd-wp";
        }

        if (TArch.PteWrite(last, initial.Context) != TArch.PteWrite(entry, initial.Context))
        {
            return "write";
        }

        // Equal in CONT when the run began: then the first of the two blocks was unfolded by it.
        if (TArch.PteCont(last) || TArch.PteCont(entry))
        {
            return "cont";
        }

        return TArch.PteSoftDirty(last) != TArch.PteSoftDirty(entry) ? "soft-dirty" : "dirty";
    }
}
