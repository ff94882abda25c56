using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>
/// Tables for khugepaged's scan: stretches of window size that are full, empty or mixed, mostly of small young pages,
/// since anything else ends the scan of the whole table. max_ptes_none is mostly 0 or the largest, the two values that
/// are supported below PMD order; what other values mean there is a choice of policy, like what follows a mapped-huge
/// or a stop result, and the reference makes the candidate's.
/// </summary>
internal static class MthpGenerator
{
    private const int MostResults = 12;

    /// <summary>Fills a scenario whose tables are chosen.</summary>
    public static void Fill(Scenario scenario, ref SeededRandom random)
    {
        var slots = scenario.Slots;
        var table = random.Chance(15) && slots < Machine.TableStride ? slots : 0;
        scenario.Vmas[0] = new()
        {
            At = slots,
            Pages = slots + table + (random.Chance(15) ? random.Between(1, 3) : 0),
            Flags = ChooseFlags(ref random),
        };
        scenario.VmaCount = 1;
        scenario.Run = SelectText.Defaults(scenario.Run, slots) with
        {
            First = (short)table,
            Pages = (short)slots,
        };
        ChooseRun(scenario, ref random);
        FillTable(scenario, ref random);
        ChooseResults(scenario, ref random);
    }

    private static VmaFlags ChooseFlags(ref SeededRandom random)
    {
        var flags = VmaFlags.Read | (random.Chance(90) ? VmaFlags.Write : VmaFlags.None);
        return random.Below(16) switch
        {
            0 => flags | VmaFlags.UffdMissing,
            1 => flags | VmaFlags.UffdWp,
            2 => flags | VmaFlags.Droppable,
            _ => flags,
        };
    }

    private static void ChooseRun(Scenario scenario, ref SeededRandom random)
    {
        ref var run = ref scenario.Run;
        var slots = scenario.Slots;
        var all = Windows.AllOrders(slots);
        var pmd = 1u << Windows.PmdOrder(slots);
        run.Forced = random.Chance(4);
        run.Orders = (ushort)(
            run.Forced
                ? pmd
                : random.Below(10) switch
                {
                    < 3 => all,
                    3 => pmd,
                    4 => (uint)random.Next() & all & ~pmd,
                    _ => (uint)random.Next() & all,
                }
        );
        run.MaxPtesNone = (short)(
            random.Chance(15) ? random.Below(slots)
            : random.Chance(50) ? 0
            : slots - 1
        );
        run.MaxPtesSwap = random.Below(5) switch
        {
            0 => 0,
            1 => (short)slots,
            _ => run.MaxPtesSwap,
        };
        run.MaxPtesShared = random.Chance(20) ? (short)random.Below(slots) : run.MaxPtesShared;
        run.Scans = (byte)(random.Chance(15) ? random.Between(2, 3) : 1);
    }

    private static void FillTable(Scenario scenario, ref SeededRandom random)
    {
        var draw = new TableDraw(scenario, ref random);
        var last = scenario.Run.First + scenario.Slots;
        for (int page = scenario.Run.First; page < last; )
        {
            var order = random.Between(0, Windows.PmdOrder(scenario.Slots));
            var offset = page - scenario.Run.First;
            while ((offset & ((1 << order) - 1)) != 0 || page + (1 << order) > last)
            {
                order--;
            }

            AddStretch(scenario, draw, page, 1 << order, ref random);
            page += 1 << order;
        }
    }

    /// <summary>An aligned stretch: full of small pages or of one large folio, empty, or mixed.</summary>
    private static void AddStretch(
        Scenario scenario,
        in TableDraw draw,
        int page,
        int pages,
        ref SeededRandom random
    )
    {
        var kind = random.Below(20);
        if (kind < draw.EmptyOfTwenty)
        {
            return;
        }

        if (kind == 19 && pages >= 4)
        {
            draw.AddLarge(scenario, page, pages, ref random);
            return;
        }

        var mixed = kind > 16;
        for (var i = page; i < page + pages; i++)
        {
            if (!mixed || random.Chance(60))
            {
                draw.AddEntry(scenario, i, ref random);
            }
        }
    }

    private static void ChooseResults(Scenario scenario, ref SeededRandom random)
    {
        scenario.Run.Result = random.Chance(50) ? WindowResult.Success : WindowResult.Retry;
        var slots = scenario.Slots;
        var wanted = random.Below(MostResults);
        Span<bool> chosen = stackalloc bool[Windows.MaxNumbers];
        for (var i = 0; i < wanted; i++)
        {
            chosen[random.Between(1, Windows.Numbers(slots) - 1)] = true;
        }

        for (var number = 1; number < Windows.Numbers(slots); number++)
        {
            var result = chosen[number] ? ChooseResult(ref random) : scenario.Run.Result;
            if (result != scenario.Run.Result)
            {
                var order = Windows.PmdOrder(slots) - Windows.PmdOrder(number);
                scenario.Windows[scenario.WindowCount++] = new()
                {
                    Order = (byte)order,
                    Page = (short)(scenario.Run.First + (number << order) - slots),
                    Result = result,
                };
            }
        }
    }

    private static WindowResult ChooseResult(ref SeededRandom random) =>
        random.Below(20) switch
        {
            0 => WindowResult.MappedHuge,
            1 => WindowResult.AllocationFailure,
            2 => WindowResult.Stop,
            < 12 => WindowResult.Success,
            _ => WindowResult.Retry,
        };
}
