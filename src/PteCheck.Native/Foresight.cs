using PteCheck.Kernel.CollapseFile;
using PteCheck.Kernel.FolioPteBatch;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Native;

/// <summary>
/// How the code around a subject's function will call it, as far as the initial state says. The child makes these
/// calls; where others interfere it may come otherwise, which carrying the calls out shows.
/// </summary>
internal static class Foresight
{
    /// <summary>move_page_tables: one call for each extent that does not move by its PMD entry.</summary>
    /// <param name="machine">The initial machine.</param>
    /// <param name="call">The arguments.</param>
    /// <param name="plan">Where to put the calls.</param>
    /// <returns>The tables that there will be.</returns>
    public static int Mremap(
        Machine machine,
        in OperationCall call,
        ICollection<SubjectInvocation> plan
    )
    {
        Span<short> made = stackalloc short[Machine.MaxPmds];
        made.Clear();
        var slots = (uint)machine.Slots;
        var tables = machine.TableCount;
        for (uint done = 0, pages; done < call.Pages; done += pages)
        {
            var (vpn, newVpn) = (call.Vpn + done, call.NewVpn + done);
            var (rest, newRest) = (slots - (vpn & (slots - 1)), slots - (newVpn & (slots - 1)));
            pages = Math.Min(call.Pages - done, Math.Min(rest, newRest));
            var table = machine.FindTable(call.Mm, vpn);
            var pmd = machine.FindPmd(call.Mm, newVpn);
            if (table < 0 || pmd < 0)
            {
                continue;
            }

            var newTable = made[pmd] > 0 ? made[pmd] - 1 : machine.Pmds[pmd].Entry.Table;
            if (newTable < 0)
            {
                var byPmd = pages == slots && !machine.Vmas[call.Vma].HasUffdWithoutEventRemap;
                var isLeaf = !machine.Pmds[pmd].Entry.IsNone;
                if (isLeaf || byPmd || tables == Machine.MaxTables)
                {
                    continue;
                }

                newTable = tables++;
                made[pmd] = (short)tables;
            }

            plan.Add(
                new()
                {
                    Mm = call.Mm,
                    Vma = call.Vma,
                    Vpn = vpn,
                    NewVpn = newVpn,
                    Pages = pages,
                    Table = table,
                    NewTable = newTable,
                }
            );
        }

        return tables;
    }

    /// <summary>rmap_walk_anon: one call for each VMA that maps the folio, while they say that it is to go on.</summary>
    /// <param name="machine">The initial machine.</param>
    /// <param name="call">The arguments.</param>
    /// <param name="plan">Where to put the calls.</param>
    /// <returns>The tables that there will be.</returns>
    public static int LazyfreeUnmap<TArch>(
        Machine machine,
        in OperationCall call,
        ICollection<SubjectInvocation> plan
    )
        where TArch : struct, IArch
    {
        for (var vma = 0; vma < machine.VmaCount; vma++)
        {
            if (KernelContext<TArch>.VmaAddress(machine, vma, call.Folio) is { } walk)
            {
                plan.Add(SubjectUnmap.InvocationOf(machine, walk));
            }
        }

        return machine.TableCount;
    }

    /// <summary>collapse_pte_mapped_thp is called once.</summary>
    /// <param name="machine">The initial machine.</param>
    /// <param name="call">The arguments.</param>
    /// <param name="plan">Where to put the call.</param>
    /// <returns>The tables that there will be.</returns>
    public static int CollapseFile(
        Machine machine,
        in OperationCall call,
        ICollection<SubjectInvocation> plan
    )
    {
        plan.Add(CollapseFileOperation.InvocationOf(machine, call));
        return machine.TableCount;
    }

    /// <summary>The batch helper is called once, by a caller that has locked the table.</summary>
    /// <param name="machine">The initial machine.</param>
    /// <param name="call">The arguments.</param>
    /// <param name="plan">Where to put the call.</param>
    /// <returns>The tables that there will be.</returns>
    public static int FolioPteBatch(
        Machine machine,
        in OperationCall call,
        ICollection<SubjectInvocation> plan
    )
    {
        plan.Add(FolioPteBatchOperation.InvocationOf(machine, call));
        return machine.TableCount;
    }
}
