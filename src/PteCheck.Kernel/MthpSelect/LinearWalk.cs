using System.Numerics;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>
/// v19 (2026-06-05), as it went into the tree: no stack. The offset only grows, and the highest order to try at an
/// offset is that of its alignment.
/// </summary>
internal readonly struct LinearWalk : ISelectWindows
{
    /// <inheritdoc/>
    public void Walk<TArch>(ref Selection<TArch> selection)
        where TArch : struct, IArch
    {
        int offset = 0,
            order = selection.PmdOrder;
        while (offset < selection.Slots)
        {
            var next = WindowVisit.Run(ref selection, offset, order);
            if (next == NextWindow.Nowhere)
            {
                return;
            }

            var lower = order > Windows.MinOrder && selection.IsLowerEnabled(order);
            if (next == NextWindow.Halves && lower)
            {
                order--;
                continue;
            }

            offset += 1 << order;
            if (!selection.Decisions.Has(MthpDecisions.KeepOrder))
            {
                order = Math.Min(selection.PmdOrder, BitOperations.TrailingZeroCount(offset));
            }
        }
    }
}
