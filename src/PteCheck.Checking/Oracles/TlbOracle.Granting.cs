using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;

namespace PteCheck.Checking.Oracles;

/// <summary>What the entries, as they stand at an event, still give: a translation that they give is not stale.</summary>
public sealed partial class TlbOracle<TArch>
    where TArch : struct, IArch
{
    private bool IsGranted(in StaleEntry entry)
    {
        var pages = entry.CpuPages | entry.DevicePages;
        for (var page = 0u; pages >> (int)page != 0; page++)
        {
            if ((pages & (1u << (int)page)) != 0 && !Granted(entry, page))
            {
                return false;
            }
        }

        return true;
    }

    private bool Granted(in StaleEntry entry, uint page)
    {
        var vpn = entry.Vpn + page;
        var pmd = stale.Links.Find(entry.Mm, vpn);
        if (pmd < 0)
        {
            return false;
        }

        var slot = (int)vpn & (initial.Slots - 1);
        var live = EntryAt(pmd, slot);
        var pfn = TArch.PtePfn(new(entry.Word)) + page;
        return TArch.PteHwPresent(live)
            && TArch.PtePfn(live) == pfn
            && (stale.RightsOf(entry) & ~RightsAt(pmd, slot, live)) == 0;
    }

    /// <summary>What a walk gives at a slot; in a contiguous block any of its entries, which may differ in dirty, speaks for all.</summary>
    private TlbRights RightsAt(int pmd, int slot, Pte live)
    {
        var rights = TArch.HardwareRights(live, initial.Context);
        if (!TArch.HasContpte || !TArch.PteCont(live))
        {
            return rights;
        }

        var block = slot & -initial.ContPtes;
        for (var other = block; other < block + initial.ContPtes; other++)
        {
            rights |= TArch.HardwareRights(EntryAt(pmd, other), initial.Context);
        }

        return rights;
    }

    /// <summary>What a walk finds at a slot, as the entries stand at the event that is judged.</summary>
    private Pte EntryAt(int pmd, int slot)
    {
        var entry = stale.Links[pmd].Entry;
        return entry.Table >= 0
            ? new(Words[Machine.PteIndex(entry.Table, slot)])
            : entry.Page<TArch>(slot);
    }

    /// <summary>A finding about what <see cref="EntryAt"/> gives.</summary>
    private Finding OfLive(int pmd, int slot, Pte entry, Rule rule, int step) =>
        new()
        {
            Rule = rule,
            Role = PlaceRole.Source,
            Mm = stale.Links[pmd].Mm,
            Place = stale.Links[pmd].BaseVpn + (uint)slot,
            Candidate = entry.Word,
            Step = step,
            Detail = "",
        };
}
