using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>
/// "mm/khugepaged: Introduce mTHP collapse support", v17 11/14 (Nico Pache, 2026-05-11): recursion unrolled onto a
/// stack of (offset, order) pairs. The right half is pushed first, so that the left one is popped first. A pop and two
/// pushes for each level: at most one window waits a level, and two at the lowest.
/// </summary>
internal readonly struct StackWalk : ISelectWindows
{
    /// <inheritdoc/>
    public void Walk<TArch>(ref Selection<TArch> selection)
        where TArch : struct, IArch
    {
        var size = 0;
        Push(ref selection, ref size, 0, selection.PmdOrder);
        while (size > 0)
        {
            WaitingWindow window = selection.Control.Stack[--size];
            int offset = window.Offset,
                order = window.Order;
            var next = WindowVisit.Run(ref selection, offset, order);
            if (next == NextWindow.Nowhere)
            {
                return;
            }

            if (next == NextWindow.Halves && order > Windows.MinOrder)
            {
                var middle = offset + (1 << (order - 1));
                var rightFirst = selection.Decisions.Has(MthpDecisions.RightFirst);
                Push(ref selection, ref size, rightFirst ? offset : middle, order - 1);
                Push(ref selection, ref size, rightFirst ? middle : offset, order - 1);
            }
        }
    }

    /// <summary>collapse_mthp_stack_push.</summary>
    private static void Push<TArch>(
        ref Selection<TArch> selection,
        ref int size,
        int offset,
        int order
    )
        where TArch : struct, IArch
    {
        var less = selection.Decisions.Has(MthpDecisions.ShortStack) ? 1 : 0;
        var room = Windows.StackBound(selection.Slots) - less;
        selection.Kernel.PushWindow(offset, 1 << order, size + 1, room);
        selection.Control.Stack[size++] = new((ushort)offset, (byte)order);
    }
}
