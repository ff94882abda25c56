using System.Numerics;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>Cases of operations on leaves: one table or two, mostly mapped by a leaf each; sometimes another mm maps the same folios.</summary>
internal static class LeafGenerator
{
    /// <summary>Fills a scenario whose tables are chosen; most become small ones, for a leaf is one entry whatever its size.</summary>
    public static void Fill(Scenario scenario, ref SeededRandom random)
    {
        if (random.Chance(scenario.Slots == Machine.TableStride ? 97 : 75))
        {
            (scenario.Slots, scenario.ContPtes) = (8, 4);
        }

        var slots = scenario.Slots;
        var two = slots < Machine.TableStride && random.Chance(40);
        var shared = slots < Machine.TableStride && random.Chance(15);
        var tables = two ? 2 : 1;
        scenario.Vmas[0] = new()
        {
            At = slots,
            Pages = tables * slots,
            Flags = ChooseFlags(scenario, ref random),
            Leaves = true,
        };
        scenario.VmaCount = 1;
        var from = tables > 1 && random.Chance(30) ? random.Below(tables) : 0;
        scenario.Run.First = (short)(from * slots);
        scenario.Run.Pages = (short)((from > 0 ? 1 : random.Between(1, tables)) * slots);
        for (var table = 0; table < tables; table++)
        {
            if (random.Chance(90))
            {
                AddLeaf(scenario, ref random, table * slots, shared);
            }
        }

        if (shared)
        {
            AddOther(scenario);
        }
    }

    private static VmaFlags ChooseFlags(Scenario scenario, ref SeededRandom random)
    {
        var flags = VmaFlags.Read | (random.Chance(85) ? VmaFlags.Write : VmaFlags.None);
        if (scenario.Architecture == Architecture.X86 && random.Chance(15))
        {
            flags |= VmaFlags.SoftDirtyTracked;
        }

        return random.Below(16) switch
        {
            0 => flags | VmaFlags.Locked,
            1 => flags | VmaFlags.Droppable,
            2 => flags | VmaFlags.UffdWp,
            _ => flags,
        };
    }

    /// <summary>A folio of the table's size, and its entries after the first.</summary>
    private static void AddLeaf(Scenario scenario, ref SeededRandom random, int page, bool shared)
    {
        var index = scenario.FolioCount++;
        ref var folio = ref scenario.Folios[index];
        var droppable = (scenario.Vmas[0].Flags & VmaFlags.Droppable) != 0;
        folio = new()
        {
            Order = (byte)BitOperations.Log2((uint)scenario.Slots),
            Kind = droppable || random.Chance(12) ? FolioKind.Lazyfree : FolioKind.Anon,
            FilePage = -1,
            Locked = random.Chance(6),
            ExtraRefs = random.Chance(10) ? 1 : 0,
        };
        folio.SwapCache = folio.Kind == FolioKind.Anon && random.Chance(6);
        folio.Dirty = folio.Kind == FolioKind.Anon && random.Chance(30);
        var start = scenario.PteCount;
        FolioEntries.Add(scenario, ref random, index, 0, page, 1);
        ref var first = ref scenario.Ptes[start];
        first.Bits &= shared ? ~PteBits.Write : ~PteBits.None;
        folio.Exclusive.Set(0, folio.Exclusive.Has(0) && !shared);
        for (var i = 1; i < scenario.Slots; i++)
        {
            folio.Exclusive.Set(i, folio.Exclusive.Has(0));
            scenario.Ptes[scenario.PteCount++] = first with
            {
                Page = (short)(page + i),
                FolioPage = (short)i,
            };
        }
    }

    /// <summary>A child after fork, which maps the same by leaves of its own.</summary>
    private static void AddOther(Scenario scenario)
    {
        var own = scenario.PteCount;
        var flags = scenario.Vmas[0].Flags & ~VmaFlags.UffdAny;
        scenario.Mms = 2;
        scenario.Vmas[1] = scenario.Vmas[0] with { Mm = 1, Flags = flags };
        scenario.VmaCount = 2;
        for (var i = 0; i < own; i++)
        {
            var pte = scenario.Ptes[i];
            var bits = pte.Bits & (PteBits.Young | PteBits.Protnone);
            scenario.Ptes[scenario.PteCount++] = pte with { Vma = 1, Bits = bits };
        }
    }
}
