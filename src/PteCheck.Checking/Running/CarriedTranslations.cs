using PteCheck.Model.Architectures;
using PteCheck.Model.Tlbs;

namespace PteCheck.Checking.Running;

/// <summary>
/// What one operation of a sequence leaves to the next: the candidate's machine, and every translation that may
/// still be cached though its entry has changed.
/// </summary>
public sealed class CarriedTranslations<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private readonly StaleSet<TArch> stale = new(run.Initial);

    /// <summary>Makes the end of the candidate's run the start of the next.</summary>
    public void CarryOver()
    {
        stale.Reset();
        for (var i = 0; i < run.InitialStale.Count; i++)
        {
            stale.Add(run.InitialStale[i]);
        }

        foreach (ref readonly var e in run.CandidateSide.Trace.Events)
        {
            stale.Apply(e);
        }

        run.Initial.CopyFrom(run.CandidateSide.Machine);
        run.InitialStale.Clear();
        foreach (ref readonly var entry in stale.Entries)
        {
            run.InitialStale.Add(entry with { Origin = OriginOf(entry) });
        }
    }

    /// <summary>Weaker where the entries still give the page, else left behind by one who has yet to flush.</summary>
    private StaleOrigin OriginOf(in StaleEntry entry)
    {
        var pfn = TArch.PtePfn(new(entry.Word));
        var pages = entry.CpuPages | entry.DevicePages;
        for (var page = 0u; pages >> (int)page != 0; page++)
        {
            var live = run.Initial.PteAt(entry.Mm, entry.Vpn + page);
            var held = (pages & (1u << (int)page)) != 0;
            if (held && !(TArch.PtePresent(live) && TArch.PtePfn(live) == pfn + page))
            {
                return StaleOrigin.Reclaim;
            }
        }

        return StaleOrigin.Weaker;
    }
}
