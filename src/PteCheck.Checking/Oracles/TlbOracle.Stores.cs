using PteCheck.Model.Architectures;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>The rules about stores that nobody would notice: to pages that the rmap no longer shows, or that are being copied or written out.</summary>
public sealed partial class TlbOracle<TArch>
    where TArch : struct, IArch
{
    /// <summary>Plain stores, and a shadow stack's.</summary>
    private const TlbRights AnyStore = TlbRights.Write | TlbRights.ShadowStackWrite;

    /// <summary>PTB207: nobody may go on writing to a page of a file that nobody finds through the rmap any more.</summary>
    private void CheckRemoveRmap(in TraceEvent e, int step, FindingList findings)
    {
        var first = initial.PfnBase + e.A;
        foreach (ref readonly var entry in stale.Entries)
        {
            if (entry.Origin != StaleOrigin.Run || !WritesFile(entry))
            {
                continue;
            }

            var pfn = TArch.PtePfn(new(entry.Word));
            for (var page = 0; entry.CpuPages >> page != 0; page++)
            {
                var held = (entry.CpuPages & (1u << page)) != 0;
                if (held && pfn + (ulong)page - first < (ulong)e.Nr)
                {
                    Add(entry, (uint)page, Rules.StaleAtRmap, step, findings);
                    break;
                }
            }
        }
    }

    /// <summary>PTB208 and PTB209: what is stored after the copy would be lost with the old page, after the write-out with the disk.</summary>
    private void CheckStores(in TraceEvent e, Rule rule, int step, FindingList findings)
    {
        foreach (ref readonly var entry in stale.Entries)
        {
            var page = initial.PfnBase + e.A - TArch.PtePfn(new(entry.Word));
            var held = page < 32 && (entry.CpuPages & (1u << (int)page)) != 0;
            if (held && Stores(entry))
            {
                Add(entry, (uint)page, rule, step, findings);
            }
        }
    }

    /// <summary>PTB208: a walk that finds the page, and may store to it, sets dirty where it is missing.</summary>
    private void CheckLiveStores(in TraceEvent e, int step, FindingList findings)
    {
        var pfn = initial.PfnBase + e.A;
        var folio = initial.FolioOf(pfn);
        if (folio < 0 || !initial.Folios[folio].IsAnon)
        {
            return;
        }

        for (var pmd = 0; pmd < stale.Links.Count; pmd++)
        {
            var entry = stale.Links[pmd].Entry;
            for (var slot = 0; slot < initial.Slots && !entry.IsNone; slot++)
            {
                var pte = EntryAt(pmd, slot);
                if (
                    pte.Word != 0
                    && TArch.PtePfn(pte) == pfn
                    && (TArch.HardwareRights(pte, initial.Context) & AnyStore) != 0
                )
                {
                    findings.Add(OfLive(pmd, slot, pte, Rules.StoreDuringCopy, step));
                    return;
                }
            }
        }
    }

    /// <summary>Whether a CPU may store to a page of a file through the translation without a walk.</summary>
    private bool WritesFile(in StaleEntry entry)
    {
        var folio = initial.FolioOf(TArch.PtePfn(new(entry.Word)));
        return folio >= 0 && !initial.Folios[folio].IsAnon && Stores(entry);
    }

    private bool Stores(in StaleEntry entry)
    {
        const TlbRights Both = TlbRights.Write | TlbRights.Dirty;
        var rights = stale.RightsOf(entry);
        return (rights & Both) == Both || (rights & TlbRights.ShadowStackWrite) != 0;
    }
}
