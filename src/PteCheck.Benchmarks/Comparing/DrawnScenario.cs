using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Benchmarks.Comparing;

/// <summary>A stretch of equal things, as LINQ draws it.</summary>
/// <param name="Kind">What its entries are.</param>
/// <param name="Order">Order of its folio, where it has one.</param>
/// <param name="Start">First page of the folio that is mapped.</param>
/// <param name="Bits">Letters wanted, one element an entry; <see cref="PteBits.Exclusive"/> is the page's.</param>
internal sealed record DrawnRun(EntryKind Kind, byte Order, short Start, PteBits[] Bits);

/// <summary>A case as LINQ draws it.</summary>
/// <param name="Slots">Slots of a table.</param>
/// <param name="Flags">Of the VMA; private and anonymous.</param>
/// <param name="Source">First page number of the source.</param>
/// <param name="Shift">Slots by which the destination lies beyond the first table after the source.</param>
/// <param name="Runs">What lies in the VMA, one after the other.</param>
internal sealed record DrawnScenario(
    int Slots,
    VmaFlags Flags,
    int Source,
    int Shift,
    DrawnRun[] Runs
)
{
    /// <summary>Writes the case into a scenario, letters that no kernel leaves there taken away, runs beyond two tables too.</summary>
    public void WriteTo(Scenario scenario)
    {
        scenario.Clear();
        scenario.Slots = Slots;
        scenario.ContPtes = Slots >= 16 ? 16 : 4;
        var pages = 0;
        var room = Math.Min(2 * Slots, Machine.TableStride);
        foreach (var run in Runs)
        {
            var length = Math.Min(run.Bits.Length, room - pages);
            Write(scenario, run, pages, length);
            pages += length;
        }

        var end = (Source + pages + Slots - 1) / Slots * Slots;
        scenario.Vmas[0] = new()
        {
            At = Source,
            Pages = pages,
            Flags = Flags,
        };
        scenario.Vmas[1] = new()
        {
            At = end + Shift,
            Pages = pages,
            Destination = true,
        };
        scenario.VmaCount = 2;
        scenario.Run = new() { NewVma = 1, Pages = (short)pages };
    }

    private void Write(Scenario scenario, DrawnRun run, int page, int length)
    {
        if (run.Kind == EntryKind.None || length == 0)
        {
            return;
        }

        var hasFolio = run.Kind is EntryKind.Present or EntryKind.MigrationRead;
        var folio = hasFolio ? AddFolio(scenario, run) : 0;
        for (var i = 0; i < length; i++)
        {
            var folioPage = hasFolio ? run.Start + i : 0;
            var bits = Reachable(run.Kind, run.Bits[i]);
            if (run.Kind == EntryKind.Present)
            {
                scenario
                    .Folios[folio]
                    .Exclusive.Set(
                        folioPage,
                        (run.Bits[i] & (PteBits.Exclusive | PteBits.Write)) != 0
                    );
            }

            scenario.Ptes[scenario.PteCount++] = new()
            {
                Kind = run.Kind,
                Bits = bits,
                Page = (short)(page + i),
                Folio = (short)folio,
                FolioPage = (short)folioPage,
                SwapOffset = (short)(run.Kind == EntryKind.Swap ? page + i + 1 : 0),
                Markers = run.Kind == EntryKind.Marker ? PteMarkers.Guard : 0,
            };
        }
    }

    private static int AddFolio(Scenario scenario, DrawnRun run)
    {
        var migrates = run.Kind == EntryKind.MigrationRead;
        scenario.Folios[scenario.FolioCount] = new()
        {
            Order = run.Order,
            Kind = FolioKind.Anon,
            FilePage = -1,
            Locked = migrates,
            ExtraRefs = migrates ? 1 : 0,
        };
        return scenario.FolioCount++;
    }

    private PteBits Reachable(EntryKind kind, PteBits bits)
    {
        bits &= (Flags & VmaFlags.UffdWp) != 0 ? ~PteBits.None : ~PteBits.UffdWp;
        if (kind != EntryKind.Present)
        {
            return kind == EntryKind.Swap
                    ? bits & (PteBits.SoftDirty | PteBits.UffdWp | PteBits.Exclusive)
                : kind == EntryKind.MigrationRead ? bits & (PteBits.SoftDirty | PteBits.UffdWp)
                : PteBits.None;
        }

        var readOnly =
            (bits & (PteBits.UffdWp | PteBits.Protnone)) != 0
            || ((Flags & VmaFlags.SoftDirtyTracked) != 0 && (bits & PteBits.SoftDirty) == 0);
        return bits & ~PteBits.Exclusive & (readOnly ? ~PteBits.Write : ~PteBits.None);
    }
}
