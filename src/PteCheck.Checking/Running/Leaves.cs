using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Running;

/// <summary>What the entries of a VMA of leaves become: the first entry of a table stands for all of them.</summary>
internal static class Leaves
{
    /// <summary>
    /// Maps the folio of a table's first entry by a leaf, with a table deposited for the day when it is split. That the
    /// folio is exclusive is said by its first page alone (folio_add_new_anon_rmap).
    /// </summary>
    public static void Add<TArch>(Machine machine, in PteSpec pte, ulong pfn, uint vpn)
        where TArch : struct, IArch
    {
        if ((vpn & (uint)(machine.Slots - 1)) != 0)
        {
            return;
        }

        ref readonly var vma = ref machine.Vmas[pte.Vma];
        ref var pmd = ref machine.Pmds[machine.FindPmd(vma.Mm, vpn)];
        pmd.Entry = PmdEntry.OfHuge(EntryWords.Build<TArch>(pte, pfn, vma.Flags));
        pmd.Deposited = (short)(Deposit(machine, vma.Mm, vpn) + 1);
        machine.Mms[vma.Mm].NrPtes++;
        ref var folio = ref machine.Folios[pte.Folio];
        folio.Mapcount++;
        folio.EntireMapcount++;
        machine.PageFlags.AsSpan(folio.FirstFrame + 1, folio.Pages - 1).Clear();
    }

    private static int Deposit(Machine machine, byte mm, uint vpn)
    {
        var table = machine.TableCount++;
        machine.Tables[table] = new() { Mm = mm, BaseVpn = vpn };
        machine.TableWords(table).Clear();
        return table;
    }
}
