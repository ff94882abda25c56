using System.Numerics;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>Where a walk goes from a window.</summary>
internal enum NextWindow
{
    /// <summary>Into its halves.</summary>
    Halves,

    /// <summary>To what lies behind it.</summary>
    Behind,

    /// <summary>Nowhere.</summary>
    Nowhere,
}

/// <summary>What both upstream walks do with one window.</summary>
internal static class WindowVisit
{
    /// <summary>Tries a window if it may be, and says where to go on.</summary>
    public static NextWindow Run<TArch>(ref Selection<TArch> selection, int offset, int order)
        where TArch : struct, IArch
    {
        var pages = 1 << order;
        if (!selection.IsEnabled(order))
        {
            return NextWindow.Halves;
        }

        var maxNone = selection.MaxPtesNone(order);
        if (maxNone < 0)
        {
            return NextWindow.Nowhere;
        }

        if (CountPresent(selection, offset, order) < pages - maxNone)
        {
            return NextWindow.Halves;
        }

        return ScanResults.ClassOf(selection.Attempt(offset, order)) switch
        {
            WindowResult.Success => NextWindow.Behind,
            WindowResult.MappedHuge
                when !selection.Decisions.Has(MthpDecisions.DescendMappedHuge) => NextWindow.Behind,
            WindowResult.Stop when !selection.Decisions.Has(MthpDecisions.GoOnAfterStop) =>
                NextWindow.Nowhere,
            _ => NextWindow.Halves,
        };
    }

    /// <summary>collapse_mthp_count_present: bits of a window, and at PMD order what would be swapped in.</summary>
    private static int CountPresent<TArch>(in Selection<TArch> selection, int offset, int order)
        where TArch : struct, IArch
    {
        var bits = selection.Control.Present;
        var count =
            order == selection.PmdOrder && !selection.Decisions.Has(MthpDecisions.ForgetSwapped)
                ? selection.Control.Unmapped
                : 0;
        var pages = 1 << order;
        if (pages < 64)
        {
            var mask = ((1UL << pages) - 1) << (offset & 63);
            return count + BitOperations.PopCount(bits[offset >> 6] & mask);
        }

        for (var word = offset >> 6; word < (offset + pages) >> 6; word++)
        {
            count += BitOperations.PopCount(bits[word]);
        }

        return count;
    }
}
