using PteCheck.Kernel.MadviseDontneed;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>What keeps an rmap walk of another CPU waiting.</summary>
internal static class MappedVmas
{
    /// <summary>The tables in which a folio has its place, one bit each: those that an rmap walk locks even where the entry is gone (PVMW_SYNC).</summary>
    public static uint Tables<TArch>(KernelContext<TArch> kernel, int folio, bool migration = false)
        where TArch : struct, IArch
    {
        var tables = 0u;
        for (var vma = 0; folio >= 0 && vma < kernel.Machine.VmaCount; vma++)
        {
            if (kernel.VmaAddress(vma, folio, migration) is { } walk)
            {
                for (var vpn = walk.Start; vpn < walk.End; vpn++)
                {
                    var table = kernel.Machine.FindTable(walk.Mm, vpn);
                    tables |= table < 0 ? 0 : 1u << table;
                }
            }
        }

        return tables;
    }

    /// <summary>
    /// Whether the operation holds a lock that an rmap walk over a folio needs: that of the folio, an rmap lock, or the
    /// page-table lock of a table in which the folio has its place now or had it when the run began. The
    /// walk is one step, so it waits for all.
    /// </summary>
    public static bool AreBlocked<TArch>(
        KernelContext<TArch> kernel,
        in StepFolio target,
        bool migration = false
    )
        where TArch : struct, IArch
    {
        var machine = kernel.Machine;
        if (!target.WasLocked && (machine.Folios[target.Folio].Flags & FolioFlags.Locked) != 0)
        {
            return true;
        }

        for (var vma = 0; vma < machine.VmaCount; vma++)
        {
            ref readonly var owner = ref machine.Vmas[vma];
            if (owner.AnonVmaLock != LockMode.Free || owner.IMmapLock == LockMode.Write)
            {
                return true;
            }
        }

        for (var pmd = 0; pmd < machine.PmdCount; pmd++)
        {
            var mapped = ZapHugePmd.FolioOf(kernel, pmd) == target.Folio;
            if (mapped && machine.Mms[machine.Pmds[pmd].Mm].PmdLockHeld)
            {
                return true;
            }
        }

        var tables = target.Tables | Tables(kernel, target.Folio, migration);
        for (var table = 0; table < machine.TableCount; table++)
        {
            if ((tables & (1u << table)) != 0 && machine.Tables[table].PtlHeld)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>The folio that a step goes for, as it was mapped when the run began.</summary>
/// <param name="Folio">Index of the folio, -1 for none.</param>
/// <param name="Tables">The tables in which it had its place.</param>
/// <param name="WasLocked">Somebody unknown had it locked, and keeps it so, or the one who asks has it locked.</param>
internal readonly record struct StepFolio(int Folio, uint Tables, bool WasLocked);
