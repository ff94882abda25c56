using System.Numerics;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>What a VMA must be to be mapped by leaves, and what operations on leaves work on; part of the shape rules, see <see cref="ShapeRules"/>.</summary>
internal static class LeafRules
{
    /// <summary>The first VMA, entry, stale translation or operation that does not fit, or null.</summary>
    public static Offender? Check(Scenario s) => Places(s) ?? Entries(s);

    private static Offender? Places(Scenario s)
    {
        Span<uint> starts = stackalloc uint[Machine.MaxVmas];
        ScenarioLayout.Place(s, starts);
        var slots = s.Slots;
        for (var i = 0; i < s.VmaCount; i++)
        {
            ref readonly var vma = ref s.Vmas[i];
            var whole = starts[i] % slots == 0 && vma.Pages % slots == 0;
            var good = whole && !vma.NoTables && !vma.Destination && s.Operation().WorksOnLeaves;
            if (vma.Leaves && !good)
            {
                return new(OffenderKind.Vma, i);
            }
        }

        for (var i = 0; i < s.TlbCount; i++)
        {
            if (s.Vmas[s.Tlb[i].Vma].Leaves)
            {
                return new(OffenderKind.Tlb, i);
            }
        }

        var run = s.Run;
        var fits =
            !s.Operation().WorksOnLeaves
            || (s.Vmas[run.Vma].Leaves && run.First % slots == 0 && run.Pages % slots == 0);
        return fits ? null : new Offender(OffenderKind.Run, s.Tested);
    }

    private static Offender? Entries(Scenario s)
    {
        for (var i = 0; i < s.PteCount; i++)
        {
            ref readonly var pte = ref s.Ptes[i];
            if (!s.Vmas[pte.Vma].Leaves)
            {
                continue;
            }

            var index = pte.Page % s.Slots;
            var first = i - index;
            var follows = first >= 0 && Follows(s, s.Ptes[first], pte, index);
            var ends = index == s.Slots - 1 || (i + 1 < s.PteCount && IsNext(pte, s.Ptes[i + 1]));
            if (!follows || !ends)
            {
                return new(OffenderKind.Pte, i);
            }
        }

        return null;
    }

    private static bool IsNext(in PteSpec pte, in PteSpec next) =>
        next.Vma == pte.Vma && next.Page == pte.Page + 1;

    private static bool Follows(Scenario s, in PteSpec first, in PteSpec pte, int index)
    {
        ref readonly var folio = ref s.Folios[pte.Folio];
        var moved = first with
        {
            Page = (short)(first.Page + index),
            FolioPage = (short)(first.FolioPage + index),
        };
        return pte.Kind == EntryKind.Present
            && moved == pte
            && first.FolioPage == 0
            && folio.IsAnon
            && folio.Order == BitOperations.Log2((uint)s.Slots)
            && folio.Exclusive.Has(index) == folio.Exclusive.Has(0);
    }
}
