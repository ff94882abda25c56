using PteCheck.Kernel.Mprotect;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>Which VMAs a mode of mprotect is for.</summary>
public static class ProtectRules
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    /// <summary>The rules in order.</summary>
    public static readonly IReadOnlyList<ReachabilityRule> All =
    [
        new(
            "RS70",
            "A NUMA scan passes over VMAs without rights, and over read-only ones of a file.",
            "kernel/sched/fair.c, task_numa_work",
            s => Of(s, ProtectMode.Numa, vma => !MayScan(vma))
        ),
        new(
            "RS71",
            "Userfaultfd write-protects, and lets writes through again, in VMAs that are registered for it.",
            "mm/userfaultfd.c, mwriteprotect_range",
            s =>
                Of(s, ProtectMode.UffdWp, vma => !IsArmed(vma))
                ?? Of(s, ProtectMode.UffdResolve, vma => !IsArmed(vma))
        ),
        new(
            "RS72",
            "Nobody beside an mprotect, which holds the mmap lock for writing, has made an entry protnone and not flushed yet.",
            "mm/mempolicy.c, change_prot_numa, and mm/userfaultfd.c, mwriteprotect_range: gathers under the lock for reading",
            UnflushedProtnone
        ),
    ];

    /// <summary>Whether a NUMA scan looks at a VMA.</summary>
    public static bool MayScan(VmaFlags vma) =>
        (vma & Rights) != 0
        && (
            (vma & VmaFlags.FileBacked) == 0
            || (vma & (VmaFlags.Read | VmaFlags.Write)) != VmaFlags.Read
        );

    /// <summary>Whether a mode is for VMAs of these flags.</summary>
    public static bool IsFor(ProtectMode mode, VmaFlags vma) =>
        mode switch
        {
            ProtectMode.Protect => true,
            ProtectMode.Numa => MayScan(vma),
            _ => IsArmed(vma),
        };

    /// <summary>Whether userfaultfd write-protects in a VMA.</summary>
    public static bool IsArmed(VmaFlags vma) => (vma & VmaFlags.UffdWp) != 0;

    private static Offender? UnflushedProtnone(Scenario s)
    {
        for (var i = 0; i < s.TlbCount; i++)
        {
            ref readonly var stale = ref s.Tlb[i];
            var protnone = s.PteAt(stale.Vma, stale.Page) is { } pte && pte.Has(PteBits.Protnone);
            if (protnone && HasMprotect(s))
            {
                return new(OffenderKind.Tlb, i);
            }
        }

        return null;
    }

    /// <summary>Whether an operation is the system call mprotect, and no scan.</summary>
    private static bool HasMprotect(Scenario scenario)
    {
        foreach (ref readonly var run in scenario.UsedRuns)
        {
            if (run.Of().Protects && run.Mode == ProtectMode.Protect)
            {
                return true;
            }
        }

        return false;
    }

    private static Offender? Of(Scenario scenario, ProtectMode mode, Func<VmaFlags, bool> broken)
    {
        for (var i = 0; i < scenario.RunCount; i++)
        {
            ref readonly var run = ref scenario.Runs[i];
            if (run.Of().Protects && run.Mode == mode && broken(RunFlags.OfRange(scenario, i, run)))
            {
                return new(OffenderKind.Run, i);
            }
        }

        return null;
    }
}
