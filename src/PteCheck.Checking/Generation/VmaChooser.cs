using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>Draws the rights and kinds of the VMA that is moved.</summary>
internal static class VmaChooser
{
    /// <summary>Flags that go together.</summary>
    public static VmaFlags Choose(Scenario scenario, ref SeededRandom random)
    {
        var flags = VmaFlags.Read | VmaFlags.Write;
        var kind = random.Below(20);
        if (kind < 13 && scenario.ShadowStack && random.Chance(50))
        {
            return flags | VmaFlags.ShadowStack;
        }

        flags = random.Below(20) switch
        {
            0 => VmaFlags.None,
            1 or 2 => VmaFlags.Read,
            3 => VmaFlags.Read | VmaFlags.Exec,
            4 => VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec,
            _ => flags,
        };
        flags |= kind switch
        {
            < 13 => VmaFlags.None,
            < 16 => VmaFlags.File | VmaFlags.Shared,
            16 => VmaFlags.File,
            17 => VmaFlags.Shmem,
            _ => VmaFlags.Shmem | VmaFlags.Shared,
        };
        if (scenario.Architecture == Architecture.X86 && random.Chance(20))
        {
            flags |= VmaFlags.SoftDirtyTracked;
        }

        if (kind == 12 && random.Chance(30))
        {
            return flags | VmaFlags.Droppable;
        }

        if (random.Chance(10))
        {
            flags |= VmaFlags.Locked;
        }

        var regularFile = (flags & VmaFlags.File) != 0;
        return !regularFile && random.Chance(30) ? flags | ChooseUffd(ref random) : flags;
    }

    private static VmaFlags ChooseUffd(ref SeededRandom random)
    {
        var flags = random.Below(4) switch
        {
            0 => VmaFlags.UffdMissing,
            1 => VmaFlags.UffdMissing | VmaFlags.UffdWp,
            _ => VmaFlags.UffdWp,
        };
        flags |= random.Chance(50) ? VmaFlags.UffdEventRemap : VmaFlags.None;
        return flags | (random.Chance(50) ? VmaFlags.UffdWpUnpopulated : VmaFlags.None);
    }
}
