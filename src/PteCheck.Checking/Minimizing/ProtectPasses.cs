using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Mprotect;
using PteCheck.Model.Architectures;
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

        shrinker.Try(ExclusivePages);
        FirstPageExclusive(shrinker);
        if (shrinker.Best.Architecture == Architecture.Arm64 && shrinker.Try(UnfoldedToReadOnly))
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

    /// <summary>Exclusive anonymous pages in place of those of a file: what makes a private entry writable instead.</summary>
    private static bool ExclusivePages(Scenario scenario)
    {
        const VmaFlags OfFiles = VmaFlags.Shared | VmaFlags.FileBacked;
        ref var vma = ref scenario.Vmas[scenario.Run.Vma];
        if ((vma.Flags & OfFiles) == 0)
        {
            return false;
        }

        vma.Flags &= ~OfFiles;
        vma.FilePages = 0;
        for (var i = 0; i < scenario.FolioCount; i++)
        {
            ref var folio = ref scenario.Folios[i];
            folio.Kind = FolioKind.Anon;
            folio.Dirty = false;
            folio.FilePage = -1;
            folio.Order = folio.Order == 1 ? (byte)2 : folio.Order;
            for (var page = 0; page < folio.Pages; page++)
            {
                folio.Exclusive.Set(page, value: true);
            }
        }

        return true;
    }

    /// <summary>Where one page of a folio is exclusive, the first that will do.</summary>
    private static void FirstPageExclusive(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Best.FolioCount; i++)
        {
            var folio = i;
            var pages = shrinker.Best.Folios[folio].Exclusive;
            for (var first = 0; pages.Count == 1 && !pages.Has(first); first++)
            {
                var page = first;
                if (shrinker.Try(scenario => SetExclusive(scenario, folio, page)))
                {
                    break;
                }
            }
        }
    }

    private static bool SetExclusive(Scenario scenario, int folio, int page)
    {
        scenario.Folios[folio].Exclusive = default;
        scenario.Folios[folio].Exclusive.Set(page, value: true);
        return true;
    }

    /// <summary>Blocks that become CONT rather than lose it: that takes no exclusive page.</summary>
    private static bool UnfoldedToReadOnly(Scenario scenario)
    {
        ref var vma = ref scenario.Vmas[scenario.Run.Vma];
        if (vma.NeverFolded)
        {
            return false;
        }

        vma.NeverFolded = true;
        for (var folio = 0; folio < scenario.FolioCount; folio++)
        {
            scenario.Folios[folio].Exclusive = default;
        }

        foreach (ref var pte in scenario.UsedPtes)
        {
            pte.Bits = PteBits.None;
        }

        return Set(scenario, ProtectMode.Protect, Writable, VmaFlags.Read);
    }

    /// <summary>Write letters go with the right to write.</summary>
    private static bool Set(Scenario scenario, ProtectMode mode, VmaFlags before, VmaFlags after)
    {
        ref var run = ref scenario.Run;
        ref var vma = ref scenario.Vmas[run.Vma];
        if (vma.Destination)
        {
            return false;
        }

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
