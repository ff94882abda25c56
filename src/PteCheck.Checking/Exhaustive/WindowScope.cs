using System.Numerics;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Exhaustive;

/// <summary>
/// Scopes of mthp-select: every table of some slots over the kinds of entries given, every set of enabled orders,
/// the thresholds and swap limits given, and every assignment of success and retry to the windows that are tried.
/// </summary>
/// <param name="name">The name.</param>
/// <param name="text">What it holds.</param>
/// <param name="slots">Slots of the table, 8 or 16.</param>
/// <param name="kinds">What a slot may hold: none, present (one small young page), swap, zero.</param>
/// <param name="thresholds">Values of max_ptes_none.</param>
/// <param name="swapLimits">Values of max_ptes_swap.</param>
public sealed class WindowScope(
    string name,
    string text,
    int slots,
    IReadOnlyList<EntryKind> kinds,
    IReadOnlyList<int> thresholds,
    IReadOnlyList<int> swapLimits
) : ExhaustiveScope
{
    private readonly int pmdOrder = Windows.PmdOrder(slots);

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Text => text;

    /// <inheritdoc/>
    public override IOperation Operation => MthpSelectOperation.Instance;

    /// <inheritdoc/>
    public override bool IsInterleaved => false;

    /// <summary>Assignments of two results to all windows of the table; window n has bit n - 1.</summary>
    private int Assignments => 1 << (Windows.Numbers(slots) - 1);

    private int OrderSets => 1 << (pmdOrder - Windows.MinOrder + 1);

    /// <inheritdoc/>
    public override long Numbers(Architecture architecture)
    {
        var numbers = (long)Assignments * OrderSets * thresholds.Count * swapLimits.Count;
        for (var slot = 0; slot < slots; slot++)
        {
            numbers *= kinds.Count;
        }

        return numbers;
    }

    /// <inheritdoc/>
    public override bool Fill(Scenario scenario, Architecture architecture, long number)
    {
        var retries = (int)Take(ref number, Assignments);
        var orders = (uint)Take(ref number, OrderSets) << Windows.MinOrder;
        var threshold = thresholds[(int)Take(ref number, thresholds.Count)];
        var swapLimit = swapLimits[(int)Take(ref number, swapLimits.Count)];
        if (!AreReached(MasksOf(number), retries, orders, threshold))
        {
            return false;
        }

        scenario.Clear();
        scenario.Architecture = architecture;
        scenario.Slots = slots;
        scenario.ContPtes = SettingsReader.DefaultCont(slots);
        scenario.VmaCount = 1;
        scenario.Vmas[0] = new()
        {
            At = -1,
            Pages = slots,
            Flags = VmaFlags.Read | VmaFlags.Write,
        };
        scenario.Run = new()
        {
            Operation = OperationCatalog.IndexOf(Operation),
            Pages = (short)slots,
            Scans = 1,
            Orders = (ushort)orders,
            MaxPtesNone = (short)threshold,
            MaxPtesSwap = (short)swapLimit,
            MaxPtesShared = (short)(slots / 2),
        };
        AddEntries(scenario, number);
        AddRetries(scenario, retries);
        return true;
    }

    /// <summary>
    /// Whether every window that is to fail may be tried, and lies in none that succeeds: of the assignments that differ
    /// in windows which nobody may try, one is enough. Who tries such a window all the same is found by that.
    /// </summary>
    private bool AreReached(in TableMasks table, int retries, uint orders, int threshold)
    {
        for (var left = (uint)retries; left != 0; left &= left - 1)
        {
            var window = BitOperations.TrailingZeroCount(left) + 1;
            if (!MayBeTried(table, window, orders, threshold))
            {
                return false;
            }

            for (window >>= 1; window > 0; window >>= 1)
            {
                var fails = (retries & (1 << (window - 1))) != 0;
                if (!fails && MayBeTried(table, window, orders, threshold))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether a window's order is enabled and its slots are occupied enough; at the order of the table swap entries count.</summary>
    private bool MayBeTried(in TableMasks table, int window, uint orders, int threshold)
    {
        var order = pmdOrder - Windows.PmdOrder(window);
        var none =
            order == pmdOrder ? threshold
            : threshold == slots - 1 ? (1 << order) - 1
            : 0;
        var mask = ((1u << (1 << order)) - 1) << ((window << order) - slots);
        var counted = order == pmdOrder ? table.Present | table.Swapped : table.Present;
        return (orders & (1u << order)) != 0
            && BitOperations.PopCount(counted & mask) >= (1 << order) - none;
    }

    private TableMasks MasksOf(long table)
    {
        uint present = 0,
            swapped = 0;
        for (var slot = 0; slot < slots; slot++)
        {
            var kind = kinds[(int)Take(ref table, kinds.Count)];
            present |= kind == EntryKind.Present ? 1u << slot : 0;
            swapped |= kind == EntryKind.Swap ? 1u << slot : 0;
        }

        return new(present, swapped);
    }

    private void AddEntries(Scenario scenario, long table)
    {
        for (var slot = 0; slot < slots; slot++)
        {
            var kind = kinds[(int)Take(ref table, kinds.Count)];
            if (kind == EntryKind.None)
            {
                continue;
            }

            var present = kind == EntryKind.Present;
            scenario.Ptes[scenario.PteCount++] = new()
            {
                Page = (short)slot,
                Kind = kind,
                Bits = present ? PteBits.Young : PteBits.None,
                Folio = (short)(present ? scenario.FolioCount : 0),
                SwapOffset = (short)(kind == EntryKind.Swap ? slot + 1 : 0),
            };
            if (present)
            {
                scenario.Folios[scenario.FolioCount++] = new() { FilePage = -1 };
            }
        }
    }

    private void AddRetries(Scenario scenario, int retries)
    {
        for (var window = 1; window < Windows.Numbers(slots); window++)
        {
            var order = pmdOrder - Windows.PmdOrder(window);
            if ((retries & (1 << (window - 1))) != 0)
            {
                scenario.Windows[scenario.WindowCount++] = new()
                {
                    Order = (byte)order,
                    Page = (short)((window << order) - slots),
                    Result = WindowResult.Retry,
                };
            }
        }
    }

    private static long Take(ref long number, int count)
    {
        (number, var taken) = Math.DivRem(number, count);
        return taken;
    }

    /// <summary>The slots of a table that hold a page, and those that hold a swap entry.</summary>
    private readonly record struct TableMasks(uint Present, uint Swapped);
}
