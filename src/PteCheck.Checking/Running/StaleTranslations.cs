using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;

namespace PteCheck.Checking.Running;

/// <summary>
/// From the <c>tlb:</c> list of a scenario to stale translations of its initial machine. Those of a folded block have
/// CONT, as folding invalidated all others.
/// </summary>
public static class StaleTranslations
{
    /// <summary>Fills <paramref name="into"/> with what the scenario lists.</summary>
    public static void Build<TArch>(Scenario scenario, Machine machine, IList<StaleEntry> into)
        where TArch : struct, IArch
    {
        into.Clear();
        foreach (ref readonly var tlb in scenario.UsedTlb)
        {
            ref readonly var vma = ref machine.Vmas[tlb.Vma];
            ref readonly var folio = ref machine.Folios[tlb.Folio];
            var pfn = machine.PfnBase + (ulong)(folio.FirstFrame + tlb.FolioPage);
            var spec = new PteSpec { Kind = EntryKind.Present, Bits = tlb.Bits };
            var vpn = vma.Start + (uint)tlb.Page;
            var live = machine.PteAt(vma.Mm, vpn);
            var stands = TArch.PtePresent(live) && TArch.PtePfn(live) == pfn;
            var word = EntryWords.Build<TArch>(spec, pfn, vma.Flags);
            var folded = stands && TArch.PteHwPresent(live) && TArch.PteCont(live);
            into.Add(
                new()
                {
                    Word = (folded ? TArch.PteMkCont(word) : word).Word,
                    Vpn = vpn,
                    Mm = vma.Mm,
                    CpuPages = 1,
                    Cpus = 1u << tlb.Cpu,
                    Origin = stands ? StaleOrigin.Weaker : StaleOrigin.Reclaim,
                }
            );
        }
    }
}
