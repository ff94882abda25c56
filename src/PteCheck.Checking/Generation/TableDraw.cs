using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>How the entries of one table are drawn: what is rare is rare for the table as a whole.</summary>
internal readonly struct TableDraw
{
    private readonly int oldPercent;
    private readonly int swapPercent;
    private readonly int zeroPercent;
    private readonly int oddPercent;
    private readonly bool writable;

    /// <summary>Draws the table's habits.</summary>
    public TableDraw(Scenario scenario, ref SeededRandom random)
    {
        var flags = scenario.Vmas[0].Flags;
        EmptyOfTwenty = random.Chance(35) ? 0 : random.Between(1, 10);
        oldPercent = random.Chance(20) ? random.Between(1, 100) : 0;
        var swaps = (flags & VmaFlags.Droppable) == 0 && random.Chance(40);
        swapPercent = swaps ? random.Between(1, 25) : 0;
        zeroPercent = random.Chance(15) ? random.Between(1, 30) : 0;
        oddPercent = random.Chance(10) ? 3 : 0;
        writable = (flags & VmaFlags.Write) != 0 && random.Chance(50);
    }

    /// <summary>How many stretches of twenty are empty.</summary>
    public int EmptyOfTwenty { get; }

    /// <summary>Adds a small page, a swap entry or the zero page.</summary>
    public void AddEntry(Scenario scenario, int page, ref SeededRandom random)
    {
        if (random.Chance(swapPercent))
        {
            scenario.Ptes[scenario.PteCount++] = new()
            {
                Page = (short)page,
                Kind = EntryKind.Swap,
                SwapOffset = (short)(page + 1),
            };
        }
        else if (random.Chance(zeroPercent))
        {
            scenario.Ptes[scenario.PteCount++] = new()
            {
                Page = (short)page,
                Kind = EntryKind.Zero,
            };
        }
        else if (random.Chance(oddPercent) && random.Chance(30))
        {
            scenario.Ptes[scenario.PteCount++] = new()
            {
                Page = (short)page,
                Kind = EntryKind.Marker,
                Markers = PteMarkers.Guard,
            };
        }
        else
        {
            AddFolio(scenario, 0, ref random);
            AddPresent(scenario, page, 0, ref random);
        }
    }

    /// <summary>Adds one large folio, mapped whole.</summary>
    public void AddLarge(Scenario scenario, int page, int pages, ref SeededRandom random)
    {
        AddFolio(scenario, int.Log2(pages), ref random);
        for (var i = 0; i < pages; i++)
        {
            AddPresent(scenario, page + i, i, ref random);
        }
    }

    private void AddFolio(Scenario scenario, int order, ref SeededRandom random)
    {
        var folio = new FolioSpec
        {
            Order = (byte)order,
            FilePage = -1,
            Kind =
                (scenario.Vmas[0].Flags & VmaFlags.Droppable) != 0
                    ? FolioKind.Lazyfree
                    : FolioKind.Anon,
        };
        var isExclusive = random.Chance(80);
        for (var page = 0; page < 1 << order && isExclusive; page++)
        {
            folio.Exclusive.Set(page, value: true);
        }

        if (random.Chance(oddPercent))
        {
            folio.Kind = random.Chance(20) ? FolioKind.Lazyfree : folio.Kind;
            folio.Locked = random.Chance(50);
            folio.ExtraRefs = random.Below(2);
            folio.SwapCache = folio.Kind == FolioKind.Anon && random.Chance(30);
        }

        scenario.Folios[scenario.FolioCount++] = folio;
    }

    private void AddPresent(Scenario scenario, int page, int folioPage, ref SeededRandom random)
    {
        var folio = scenario.FolioCount - 1;
        var exclusive = scenario.Folios[folio].Exclusive.Has(folioPage);
        var armed = (scenario.Vmas[0].Flags & VmaFlags.UffdWp) != 0;
        var bits = random.Chance(oldPercent) ? PteBits.None : PteBits.Young;
        bits |=
            armed && random.Chance(oddPercent) ? PteBits.UffdWp
            : writable && exclusive ? PteBits.Write | PteBits.Dirty
            : PteBits.None;
        scenario.Ptes[scenario.PteCount++] = new()
        {
            Page = (short)page,
            Kind = EntryKind.Present,
            Bits = bits,
            Folio = (short)folio,
            FolioPage = (short)folioPage,
        };
    }
}
