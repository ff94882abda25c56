using PteCheck.Model.Architectures;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>The rule about the CONT bit of what is cached.</summary>
public sealed partial class TlbOracle<TArch>
    where TArch : struct, IArch
{
    /// <summary>
    /// PTB203: neither the entry replaced nor, where there was none, anything cached may differ in CONT from the new entry.
    /// It is charged to who left what is cached: what others store counts where the operation left it, and what the
    /// operation stores does not where others did, but for what flush_tlb_batched_pending would have flushed.
    /// </summary>
    private void CheckCont(in TraceEvent e, int step, FindingList findings)
    {
        var entry = new Pte(e.B);
        if (!TArch.HasContpte || initial.Context.Bbml2 || !TArch.PteHwPresent(entry))
        {
            return;
        }

        var link = stale.Links.LinkOf(e.Table);
        if (link < 0)
        {
            return;
        }

        ref readonly var table = ref stale.Links[link];
        var vpn = table.BaseVpn + (uint)e.Slot;
        var cont = TArch.PteCont(entry);
        var replaced = new Pte(e.A);
        var present = TArch.PteHwPresent(replaced);
        var broken = present && e.Actor == 0 && TArch.PteCont(replaced) != cont;
        var near = present ? default : stale.Near(vpn);
        foreach (ref readonly var old in near)
        {
            broken |=
                old.Mm == table.Mm
                && (e.Actor == 0 ? IsItsOwn(old) : old.Origin == StaleOrigin.Run)
                && Holds(old.CpuPages, old.Vpn, vpn)
                && TArch.PteCont(new(old.Word)) != cont;
        }

        if (broken)
        {
            findings.Add(
                new()
                {
                    Rule = Rules.ContChanged,
                    Role = PlaceRole.Destination,
                    Mm = table.Mm,
                    Place = vpn,
                    Reference = e.A,
                    Candidate = e.B,
                    Step = step,
                    Detail = "set_ptes",
                }
            );
        }
    }

    /// <summary>Whether the operation left a translation, or found it, or had to flush it when it took the page-table lock.</summary>
    private bool IsItsOwn(in StaleEntry entry) =>
        entry.Origin switch
        {
            StaleOrigin.Other => false,
            StaleOrigin.Seen => (pendingMms & (1u << entry.Mm)) != 0,
            _ => true,
        };
}
