using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Mprotect;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>Draws what an mprotect is to do, once its VMA is drawn.</summary>
internal static class ProtectChooser
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    private static readonly VmaFlags[] Choices =
    [
        VmaFlags.Read,
        VmaFlags.Read | VmaFlags.Write,
        VmaFlags.None,
        VmaFlags.Read | VmaFlags.Exec,
        Rights,
    ];

    /// <summary>A mode that the VMA is for: userfaultfd's mostly where it is registered, else other rights twice as often as a scan.</summary>
    public static void Choose(Scenario scenario, ref SeededRandom random)
    {
        ref var vma = ref scenario.Vmas[0];
        ref var run = ref scenario.Run;
        if ((vma.Flags & VmaFlags.UffdWp) != 0 && random.Chance(70))
        {
            run.Mode = random.Chance(50) ? ProtectMode.UffdWp : ProtectMode.UffdResolve;
            return;
        }

        if (ProtectRules.MayScan(vma.Flags) && random.Chance(35))
        {
            run.Mode = ProtectMode.Numa;
            return;
        }

        run.Rights = ChooseRights(vma.Flags, ref random);
    }

    /// <summary>Before the entries are drawn: half of the private VMAs that will be made writable are not so before.</summary>
    public static void ChooseBefore(Scenario scenario, ref SeededRandom random)
    {
        ref var vma = ref scenario.Vmas[0];
        if ((vma.Flags & VmaFlags.ShadowStack) == 0 && random.Chance(35))
        {
            vma.Flags = (vma.Flags & ~Rights) | VmaFlags.Read;
        }
    }

    /// <summary>
    /// Sometimes another gather runs beside, and where it may, has made an entry protnone that a CPU still holds a
    /// translation of; sometimes a folio is pinned.
    /// </summary>
    public static void ChooseOthers(Scenario scenario, ref SeededRandom random)
    {
        if (scenario.FolioCount > 0 && random.Chance(10))
        {
            StepPage.Pin(scenario, random.Below(scenario.FolioCount));
        }

        if (!random.Chance(12))
        {
            return;
        }

        scenario.TlbFlushPending[0] = 1;
        var run = scenario.Run;
        if (run.Mode == ProtectMode.Protect)
        {
            return;
        }

        foreach (ref readonly var pte in scenario.UsedPtes)
        {
            var inside = pte.Vma == 0 && pte.Page >= run.First && pte.Page < run.First + run.Pages;
            if (inside && pte.Kind == EntryKind.Present && pte.Has(PteBits.Protnone))
            {
                scenario.Tlb[scenario.TlbCount++] = new()
                {
                    Cpu = (byte)random.Below(scenario.Cpus),
                    Page = pte.Page,
                    Folio = pte.Folio,
                    FolioPage = pte.FolioPage,
                };
                return;
            }
        }
    }

    private static VmaFlags ChooseRights(VmaFlags flags, ref SeededRandom random)
    {
        if ((flags & VmaFlags.ShadowStack) != 0)
        {
            return random.Chance(70) ? VmaFlags.Read : VmaFlags.None;
        }

        // Sometimes the rights that it has, for which nothing is done.
        var same = random.Chance(2);
        var index = random.Below(Choices.Length);
        while (!same && Choices[index] == (flags & Rights))
        {
            index = (index + 1) % Choices.Length;
        }

        return same ? flags & Rights : Choices[index];
    }
}
