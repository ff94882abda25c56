using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>
/// The reference: the algorithm of the commit message, as it is told there. A window that has enough occupied slots
/// is tried; where it has not, or the attempt fails for this window alone, its left half follows, then its right half.
/// Swapped-out pages, which the collapse of a PMD would bring back, count as occupied there, as they did before.
/// </summary>
internal readonly struct Recursive : ISelectWindows
{
    /// <inheritdoc/>
    public void Walk<TArch>(ref Selection<TArch> selection)
        where TArch : struct, IArch => Descend(ref selection, 0, selection.PmdOrder);

    /// <returns>False when the walk is over.</returns>
    private static bool Descend<TArch>(ref Selection<TArch> selection, int offset, int order)
        where TArch : struct, IArch
    {
        if (selection.IsEnabled(order))
        {
            var maxNone = selection.MaxPtesNone(order);
            if (maxNone < 0)
            {
                return false;
            }

            if (Occupied(selection, offset, order) >= (1 << order) - maxNone)
            {
                var result = ScanResults.ClassOf(selection.Attempt(offset, order));
                if (result == WindowResult.Success || Skips(selection, result))
                {
                    return true;
                }

                if (Ends(selection, result))
                {
                    return false;
                }
            }
        }

        var half = 1 << (order - 1);
        return order == Windows.MinOrder
            || (
                Descend(ref selection, offset, order - 1)
                && Descend(ref selection, offset + half, order - 1)
            );
    }

    private static bool Skips<TArch>(in Selection<TArch> selection, WindowResult result)
        where TArch : struct, IArch =>
        result == WindowResult.MappedHuge
        && !selection.Decisions.Has(MthpDecisions.DescendMappedHuge);

    private static bool Ends<TArch>(in Selection<TArch> selection, WindowResult result)
        where TArch : struct, IArch =>
        result == WindowResult.Stop && !selection.Decisions.Has(MthpDecisions.GoOnAfterStop);

    /// <summary>Occupied slots, counted one by one.</summary>
    private static int Occupied<TArch>(in Selection<TArch> selection, int offset, int order)
        where TArch : struct, IArch
    {
        var count = order == selection.PmdOrder ? selection.Control.Unmapped : 0;
        for (var slot = offset; slot < offset + (1 << order); slot++)
        {
            count += selection.Control.Present.Has(slot) ? 1 : 0;
        }

        return count;
    }
}
