using PteCheck.Kernel.Mprotect;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>The rights and kinds of VMAs that operations make and change.</summary>
public static class RunFlags
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    /// <summary>copy_vma, then mremap_userfaultfd_prep: without EVENT_REMAP the copy is not registered.</summary>
    public static VmaFlags Moved(VmaFlags flags) =>
        (flags & VmaFlags.UffdEventRemap) != 0
            ? flags
            : flags & ~(VmaFlags.UffdAny | VmaFlags.UffdWpUnpopulated);

    /// <summary>The flags of a VMA in the beginning; a destination has those of its source, which may be a destination, too.</summary>
    public static VmaFlags OfVma(Scenario scenario, int vma)
    {
        var moves = 0;
        while (scenario.Vmas[vma].Destination)
        {
            vma = scenario.Runs[scenario.MoverTo(vma)].Vma;
            moves++;
        }

        var flags = scenario.Vmas[vma].Flags;
        return moves > 0 ? Moved(flags) : flags;
    }

    /// <summary>The flags of a range when the operations up to one have been run: an mprotect among them may have changed its rights.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="before">Index of the operation that comes next.</param>
    /// <param name="range">An operation on the range.</param>
    public static VmaFlags OfRange(Scenario scenario, int before, RunSpec range)
    {
        var flags = OfVma(scenario, range.Vma);
        int vma = range.Vma,
            first = range.First;
        for (var i = before - 1; i >= 0; i--)
        {
            ref readonly var run = ref scenario.Runs[i];
            if (run.Of().Moves && run.NewVma == vma)
            {
                first += run.First;
                vma = run.Vma;
            }
            else if (
                run.Of().Protects
                && run.Mode == ProtectMode.Protect
                && run.Vma == vma
                && run.First < first + range.Pages
                && first < run.First + run.Pages
            )
            {
                return (flags & ~Rights) | run.Rights;
            }
        }

        return flags;
    }
}
