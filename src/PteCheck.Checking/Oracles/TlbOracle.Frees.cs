using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>The rules about folios and page tables that are freed: nothing may lead to them any more.</summary>
public sealed partial class TlbOracle<TArch>
    where TArch : struct, IArch
{
    /// <summary>PTB205: no entry may give a translation to a page of the folio that is freed.</summary>
    private void CheckFreeMapped(in TraceEvent e, int step, FindingList findings)
    {
        for (var pmd = 0; pmd < stale.Links.Count; pmd++)
        {
            for (var slot = 0; slot < initial.Slots; slot++)
            {
                var pte = EntryAt(pmd, slot);
                if (TArch.PteHwPresent(pte) && TArch.PtePfn(pte) - e.A < (ulong)e.Nr)
                {
                    findings.Add(OfLive(pmd, slot, pte, Rules.StaleAtFree, step));
                }
            }
        }
    }

    /// <summary>PTB205 and PTB204: nothing may translate to a page of the folio that is freed.</summary>
    private void CheckFree(in TraceEvent e, int step, FindingList findings)
    {
        foreach (ref readonly var entry in stale.Entries)
        {
            var pfn = TArch.PtePfn(new(entry.Word));
            for (var page = 0; page < 32; page++)
            {
                if (pfn + (ulong)page - e.A >= (ulong)e.Nr)
                {
                    continue;
                }

                var bit = 1u << page;
                var rule =
                    (entry.CpuPages & bit) != 0 ? Rules.StaleAtFree
                    : (entry.DevicePages & bit) != 0 ? Rules.SecondaryMmu
                    : null;
                if (rule is not null)
                {
                    Add(entry, (uint)page, rule, step, findings);
                    break;
                }
            }
        }
    }

    /// <summary>PTB210: a table that is freed or put aside may become anything; no CPU may still take its words for entries.</summary>
    private void CheckTableFree(in TraceEvent e, int step, FindingList findings)
    {
        for (var i = 0; i < stale.Walks.Count; i++)
        {
            var walk = stale.Walks[i];
            if (walk.Table == e.Table)
            {
                findings.Add(
                    new()
                    {
                        Rule = Rules.StaleWalk,
                        Role = PlaceRole.Source,
                        Mm = walk.Mm,
                        Place = walk.BaseVpn,
                        Step = step,
                        Detail = "",
                    }
                );
                return;
            }
        }
    }
}
