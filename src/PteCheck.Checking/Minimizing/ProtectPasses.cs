using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Mprotect;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over what an mprotect is to do: the plainest first.</summary>
internal static class ProtectPasses
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;
    private const VmaFlags Writable = VmaFlags.Read | VmaFlags.Write;

    /// <summary>From plain to special: the rights before and after, or the mode.</summary>
    private static readonly (ProtectMode Mode, VmaFlags Before, VmaFlags After)[] Plainest =
    [
        (ProtectMode.Protect, Writable, VmaFlags.Read),
        (ProtectMode.Protect, VmaFlags.Read, Writable),
        (ProtectMode.Protect, Writable, VmaFlags.None),
        (ProtectMode.Protect, VmaFlags.None, VmaFlags.Read),
        (ProtectMode.Numa, Writable, VmaFlags.None),
        (ProtectMode.UffdWp, Writable, VmaFlags.None),
        (ProtectMode.UffdResolve, Writable, VmaFlags.None),
    ];

    /// <summary>The plainest thing to do that still shows the violation.</summary>
    public static void PlainMode(Shrinker shrinker)
    {
        if (!shrinker.Best.Operation().Protects)
        {
            return;
        }

        foreach (var (mode, before, after) in Plainest)
        {
            ref readonly var run = ref shrinker.Best.Run;
            var flags = shrinker.Best.Vmas[run.Vma].Flags & Rights;
            if (run.Mode == mode && flags == before && run.Rights == after)
            {
                return;
            }

            if (shrinker.Try(scenario => Set(scenario, mode, before, after)))
            {
                return;
            }
        }
    }

    /// <summary>Write letters go with the right to write.</summary>
    private static bool Set(Scenario scenario, ProtectMode mode, VmaFlags before, VmaFlags after)
    {
        ref var run = ref scenario.Run;
        ref var vma = ref scenario.Vmas[run.Vma];
        run.Mode = mode;
        run.Rights = after;
        vma.Flags = (vma.Flags & ~Rights) | before;
        foreach (ref var pte in scenario.UsedPtes)
        {
            var drop = pte.Vma == run.Vma && (before & VmaFlags.Write) == 0;
            pte.Bits &= drop ? ~PteBits.Write : ~PteBits.None;
            var none = pte.Vma == run.Vma && before == VmaFlags.None;
            pte.Bits |= none && pte.Kind == EntryKind.Present ? PteBits.Protnone : PteBits.None;
        }

        return true;
    }
}
