using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>Scenarios that are the same in every run, so that only their size differs.</summary>
internal static class FixedScenarios
{
    private const int FolioOrder = 4;
    private const int FolioPages = 1 << FolioOrder;

    /// <summary>
    /// A whole private anonymous VMA of <paramref name="pages"/> pages (a multiple of 16, up to 512),
    /// mapped by exclusive order-4 folios whose entries are all equal, moved one table on.
    /// </summary>
    public static Scenario Folios(Architecture architecture, int pages)
    {
        var scenario = new Scenario { Architecture = architecture };
        var letters = PteBits.Write | PteBits.Dirty | PteBits.Young;
        letters |= architecture == Architecture.X86 ? PteBits.SoftDirty : PteBits.None;
        for (var page = 0; page < pages; page++)
        {
            var folio = page / FolioPages;
            if (folio == scenario.FolioCount)
            {
                scenario.Folios[scenario.FolioCount++] = new()
                {
                    Order = FolioOrder,
                    Kind = FolioKind.Anon,
                    FilePage = -1,
                };
            }

            scenario.Folios[folio].Exclusive.Set(page % FolioPages, value: true);
            scenario.Ptes[scenario.PteCount++] = new()
            {
                Page = (short)page,
                Kind = EntryKind.Present,
                Bits = letters,
                Folio = (short)folio,
                FolioPage = (short)(page % FolioPages),
            };
        }

        var flags = VmaFlags.Read | VmaFlags.Write;
        scenario.Vmas[0] = new()
        {
            At = -1,
            Pages = pages,
            Flags = flags,
        };
        scenario.Vmas[1] = new()
        {
            At = -1,
            Pages = pages,
            Destination = true,
        };
        scenario.VmaCount = 2;
        scenario.Run = new() { NewVma = 1, Pages = (short)pages };
        return scenario;
    }
}
