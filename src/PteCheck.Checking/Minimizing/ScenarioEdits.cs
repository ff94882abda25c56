using PteCheck.Checking.Scenarios;

namespace PteCheck.Checking.Minimizing;

/// <summary>Changes to a scenario that keep it whole: indexes, counts and order stay right.</summary>
internal static class ScenarioEdits
{
    /// <summary>Removes every entry that the test rejects; true when there was one.</summary>
    public static bool KeepPtes(this Scenario scenario, Func<PteSpec, int, bool> keep)
    {
        var kept = 0;
        for (var i = 0; i < scenario.PteCount; i++)
        {
            if (keep(scenario.Ptes[i], i))
            {
                scenario.Ptes[kept++] = scenario.Ptes[i];
            }
        }

        var removed = kept != scenario.PteCount;
        scenario.PteCount = kept;
        scenario.DropUnusedFolios();
        return removed;
    }

    /// <summary>Removes a VMA that is neither source nor destination, with its entries.</summary>
    public static bool RemoveVma(this Scenario scenario, int vma)
    {
        var needed =
            !scenario.Operation().WorksOnFolio
            && (vma == scenario.Run.Vma || vma == scenario.Run.NewVma);
        if (needed || scenario.VmaCount == 1 || scenario.Notes is not null)
        {
            return false;
        }

        scenario.KeepPtes((pte, _) => pte.Vma != vma);
        scenario.KeepTlb(tlb => tlb.Vma != vma);
        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.Vma -= pte.Vma > vma ? (byte)1 : (byte)0;
        }

        foreach (ref var tlb in scenario.UsedTlb)
        {
            tlb.Vma -= tlb.Vma > vma ? (byte)1 : (byte)0;
        }

        scenario.RemoveVmaFromSteps(vma);
        scenario
            .Vmas.AsSpan(vma + 1, scenario.VmaCount - vma - 1)
            .CopyTo(scenario.Vmas.AsSpan(vma));
        scenario.VmaCount--;
        scenario.Run.Vma -= scenario.Run.Vma > vma ? (byte)1 : (byte)0;
        scenario.Run.NewVma -= scenario.Run.NewVma > vma ? (byte)1 : (byte)0;
        return true;
    }

    /// <summary>Removes every stale translation that the test rejects.</summary>
    public static bool KeepTlb(this Scenario scenario, Func<TlbSpec, bool> keep)
    {
        var kept = 0;
        for (var i = 0; i < scenario.TlbCount; i++)
        {
            if (keep(scenario.Tlb[i]))
            {
                scenario.Tlb[kept++] = scenario.Tlb[i];
            }
        }

        var removed = kept != scenario.TlbCount;
        scenario.TlbCount = kept;
        scenario.DropUnusedFolios();
        return removed;
    }

    /// <summary>Drops folios that nothing refers to and numbers the others in order of first use, the one that the run names first.</summary>
    public static void DropUnusedFolios(this Scenario scenario)
    {
        var numbers = new short[scenario.FolioCount];
        Array.Fill(numbers, (short)-1);
        var folios = new List<FolioSpec>();
        if (
            scenario.Operation().WorksOnFolio
            || (scenario.Operation().CollapsesFile && scenario.Run.Folio >= 0)
        )
        {
            scenario.Run.Folio = Number(scenario.Run.Folio);
        }

        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.Folio = pte.HasFolio ? Number(pte.Folio) : (short)0;
        }

        foreach (ref var tlb in scenario.UsedTlb)
        {
            tlb.Folio = Number(tlb.Folio);
        }

        folios.CopyTo(scenario.Folios);
        scenario.FolioCount = folios.Count;

        short Number(short folio)
        {
            if (numbers[folio] < 0)
            {
                numbers[folio] = (short)folios.Count;
                folios.Add(scenario.Folios[folio]);
            }

            return numbers[folio];
        }
    }

    /// <summary>The lowest and the highest page of a folio that anything refers to.</summary>
    public static (int Low, int High) UsedPages(this Scenario scenario, int folio)
    {
        int low = int.MaxValue,
            high = 0;
        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            if (pte.HasFolio && pte.Folio == folio)
            {
                low = Math.Min(low, pte.FolioPage);
                high = Math.Max(high, pte.FolioPage);
            }
        }

        foreach (ref readonly var tlb in scenario.UsedTlb)
        {
            if (tlb.Folio == folio)
            {
                low = Math.Min(low, tlb.FolioPage);
                high = Math.Max(high, tlb.FolioPage);
            }
        }

        return (low, high);
    }

    /// <summary>Moves all uses of a folio down by some pages and gives it another order.</summary>
    public static bool Reshape(this Scenario scenario, int folio, int down, int order)
    {
        ref var spec = ref scenario.Folios[folio];
        if (down == 0 && order == spec.Order)
        {
            return false;
        }

        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.FolioPage -= pte.HasFolio && pte.Folio == folio ? (short)down : (short)0;
        }

        foreach (ref var tlb in scenario.UsedTlb)
        {
            tlb.FolioPage -= tlb.Folio == folio ? (short)down : (short)0;
        }

        var exclusive = default(PageSet);
        for (var page = 0; page < 1 << order; page++)
        {
            exclusive.Set(page, page + down < 512 && spec.Exclusive.Has(page + down));
        }

        spec.Exclusive = exclusive;
        spec.Order = (byte)order;
        return true;
    }

    /// <summary>Shrinks the source VMA and the range to some of its pages.</summary>
    public static bool Window(this Scenario scenario, int first, int last)
    {
        var source = scenario.Run.Vma;
        scenario.KeepPtes((pte, _) => pte.Vma != source || (pte.Page >= first && pte.Page <= last));
        scenario.KeepTlb(tlb => tlb.Vma != source || (tlb.Page >= first && tlb.Page <= last));
        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.Page -= pte.Vma == source ? (short)first : (short)0;
        }

        foreach (ref var tlb in scenario.UsedTlb)
        {
            tlb.Page -= tlb.Vma == source ? (short)first : (short)0;
        }

        scenario.CutSteps(source, first, last);
        var begin = Math.Max(scenario.Run.First, first);
        var end = Math.Min(scenario.Run.First + scenario.Run.Pages - 1, last);
        if (end < begin)
        {
            return false;
        }

        ref var vma = ref scenario.Vmas[source];
        ref var target = ref scenario.Vmas[scenario.Run.NewVma];
        var skipped = begin - scenario.Run.First;
        vma.At += vma.At >= 0 ? first : 0;
        var moves = scenario.Operation().Moves;
        if (moves)
        {
            scenario.CutSteps(scenario.Run.NewVma, skipped, skipped + end - begin);
        }

        target.At += moves && target.At >= 0 ? skipped : 0;
        vma.FilePages = vma.FilePages == 0 ? 0 : Math.Max(1, vma.FilePages - first);
        vma.Pages = last - first + 1;
        scenario.Run.First = (short)(begin - first);
        scenario.Run.Pages = (short)(end - begin + 1);
        target.Pages = moves ? scenario.Run.Pages : target.Pages;
        return true;
    }
}
