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

    /// <summary>Removes a VMA that no operation names, with its entries.</summary>
    public static bool RemoveVma(this Scenario scenario, int vma)
    {
        if (scenario.IsNamed(vma) || scenario.VmaCount == 1 || scenario.Notes is not null)
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
        foreach (ref var run in scenario.UsedRuns)
        {
            run.Vma -= run.Vma > vma ? (byte)1 : (byte)0;
            run.NewVma -= run.NewVma > vma ? (byte)1 : (byte)0;
        }

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

    /// <summary>Drops folios that nothing refers to and numbers the others in order of first use, those that the run names first.</summary>
    public static void DropUnusedFolios(this Scenario scenario)
    {
        var numbers = new short[scenario.FolioCount];
        Array.Fill(numbers, (short)-1);
        var folios = new List<FolioSpec>();
        foreach (ref var run in scenario.UsedRuns)
        {
            var named = run.Of().WorksOnFolio || (run.Of().CollapsesFile && run.Folio >= 0);
            run.Folio = named ? Number(run.Folio) : run.Folio;
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

    /// <summary>Shrinks the VMA in which it begins (<see cref="RunEdits.Root"/>), and the ranges, to some of its pages.</summary>
    public static bool Window(this Scenario scenario, int first, int last)
    {
        var source = scenario.Root();
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
        if (!scenario.CutRuns(source, first, last))
        {
            return false;
        }

        ref var vma = ref scenario.Vmas[source];
        vma.At += vma.At >= 0 ? first : 0;
        vma.FilePages = vma.FilePages == 0 ? 0 : Math.Max(1, vma.FilePages - first);
        vma.Pages = last - first + 1;
        return true;
    }
}
