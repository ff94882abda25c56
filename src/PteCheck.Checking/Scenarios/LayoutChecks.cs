using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>Shape rules about where VMAs and folios come to lie, see <see cref="ScenarioLayout"/>.</summary>
internal static class LayoutChecks
{
    /// <summary>The first VMA that overlaps one before it, or needs one table too many.</summary>
    public static Offender? VmasApart(Scenario s)
    {
        Span<uint> starts = stackalloc uint[Machine.MaxVmas];
        ScenarioLayout.Place(s, starts);
        var tables = 0;
        for (var i = 0; i < s.VmaCount; i++)
        {
            var first = starts[i] / (uint)s.Slots;
            var last = (starts[i] + (uint)s.Vmas[i].Pages - 1) / (uint)s.Slots;
            for (var table = first; table <= last; table++)
            {
                tables += InEarlierVma(s, starts, i, table) ? 0 : 1;
            }

            if (tables > Machine.MaxTables || OverlapsEarlier(s, starts, i))
            {
                return new(OffenderKind.Vma, i);
            }
        }

        return null;
    }

    private static bool InEarlierVma(Scenario s, ReadOnlySpan<uint> starts, int vma, uint table)
    {
        for (var i = 0; i < vma; i++)
        {
            var last = (starts[i] + (uint)s.Vmas[i].Pages - 1) / (uint)s.Slots;
            if (
                s.Vmas[i].Mm == s.Vmas[vma].Mm
                && table >= starts[i] / (uint)s.Slots
                && table <= last
            )
            {
                return true;
            }
        }

        return false;
    }

    private static bool OverlapsEarlier(Scenario s, ReadOnlySpan<uint> starts, int vma)
    {
        for (var i = 0; i < vma; i++)
        {
            if (
                s.Vmas[i].Mm == s.Vmas[vma].Mm
                && starts[i] < starts[vma] + (uint)s.Vmas[vma].Pages
                && starts[vma] < starts[i] + (uint)s.Vmas[i].Pages
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first folio whose frames are misplaced or another's.</summary>
    public static Offender? Pfns(Scenario s)
    {
        Span<ulong> pfns = stackalloc ulong[s.FolioCount];
        for (var i = 0; i < s.FolioCount; i++)
        {
            var pfn = s.Folios[i].Pfn;
            var aligned = (pfn & (ulong)(s.Folios[i].Pages - 1)) == 0;
            if (pfn != 0 && (!aligned || pfn <= Machine.ZeroPfn || pfn >= MaxPfn(s)))
            {
                return new(OffenderKind.Folio, i);
            }
        }

        var lowest = ScenarioLayout.AssignPfns(s, pfns);
        for (var i = 0; i < s.FolioCount; i++)
        {
            if (
                pfns[i] - lowest + (ulong)s.Folios[i].Pages > Machine.MaxFrames
                || pfns[i] + (ulong)s.Folios[i].Pages > MaxPfn(s)
                || SharesPfn(s, pfns, i)
            )
            {
                return new(OffenderKind.Folio, i);
            }
        }

        return null;
    }

    /// <summary>One after the largest PFN of an entry's address field.</summary>
    private static ulong MaxPfn(Scenario s) =>
        1UL << (s.Architecture == Architecture.X86 ? X86_64.PfnBits : Arm64.PfnBits);

    /// <summary>Only a folio with a PFN of its own can meet another: the layout puts the rest behind all of them.</summary>
    private static bool SharesPfn(Scenario s, ReadOnlySpan<ulong> pfns, int folio)
    {
        if (s.Folios[folio].Pfn == 0)
        {
            return false;
        }

        for (var i = 0; i < folio; i++)
        {
            if (
                pfns[i] < pfns[folio] + (ulong)s.Folios[folio].Pages
                && pfns[folio] < pfns[i] + (ulong)s.Folios[i].Pages
            )
            {
                return true;
            }
        }

        return false;
    }
}
