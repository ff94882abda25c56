using System.Numerics;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.MthpSelect;

/// <summary>
/// The windows of a table: every naturally aligned run of 2^order slots, from order 2 up to the whole table.
/// They form a binary tree, and are numbered like one: 1 the whole table, 2n and 2n + 1 the halves of window n.
/// </summary>
public static class Windows
{
    /// <summary>KHUGEPAGED_MIN_MTHP_ORDER: the smallest order of anonymous memory (THP_ORDERS_ALL_ANON).</summary>
    public const int MinOrder = 2;

    /// <summary>Room for the windows of 512 slots, by number.</summary>
    public const int MaxNumbers = Machine.MaxWindows;

    /// <summary>HPAGE_PMD_ORDER: the order of a whole table of so many slots.</summary>
    public static int PmdOrder(int slots) => BitOperations.Log2((uint)slots);

    /// <summary>One more than the highest number of a window in a table of so many slots.</summary>
    public static int Numbers(int slots) => slots >> (MinOrder - 1);

    /// <summary>The number of a window.</summary>
    /// <param name="slots">Slots of the table.</param>
    /// <param name="offset">First slot, a multiple of the window's length.</param>
    /// <param name="order">log2 of its length, 2 up to that of the table.</param>
    public static int Number(int slots, int offset, int order) => (slots + offset) >> order;

    /// <summary>Orders 2 up to that of the table, one bit each.</summary>
    public static uint AllOrders(int slots) => (2u << PmdOrder(slots)) - (1u << MinOrder);

    /// <summary>The entries that a stack of windows needs: one pending half a level, and the two pushed last.</summary>
    public static int StackBound(int slots) => PmdOrder(slots) - MinOrder + 1;
}
