using System.Globalization;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Writes <c>vmas:</c>.</summary>
internal static class VmaWriter
{
    private const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;

    /// <summary>Writes the VMAs; a destination that the reader would add by itself is left out.</summary>
    public static void Write(YamlText text, Scenario scenario)
    {
        text.Line("vmas:");
        for (var i = 0; i < scenario.VmaCount; i++)
        {
            if (!IsImplied(scenario, i))
            {
                text.Flow("  -", '{', Items(scenario, i), '}');
            }
        }
    }

    /// <summary>Whether a VMA and all behind it are what the reader adds, one for each move in turn.</summary>
    private static bool IsImplied(Scenario scenario, int vma)
    {
        for (int i = vma, before = -1; i < scenario.VmaCount; i++)
        {
            var mover = scenario.MoverTo(i);
            if (mover <= before)
            {
                return false;
            }

            var run = scenario.Runs[mover];
            var implied = new VmaSpec
            {
                Mm = scenario.Vmas[run.Vma].Mm,
                At = -1,
                Pages = run.Pages,
                Destination = true,
            };
            if (scenario.Vmas[i] != implied)
            {
                return false;
            }

            before = mover;
        }

        return true;
    }

    private static List<string> Items(Scenario scenario, int index)
    {
        var vma = scenario.Vmas[index];
        List<string> items = [$"name: {scenario.VmaName(index)}"];
        AddIf(items, vma.Mm != 0, $"mm: {EntryText.MmName(vma.Mm)}");
        AddIf(items, vma.At >= 0, $"at: {Text(vma.At)}");
        items.Add($"pages: {Text(vma.Pages)}");
        AddIf(items, vma.NoTables, "tables: none");
        AddIf(items, vma.Leaves, "tables: leaf");
        if (vma.Destination)
        {
            return items;
        }

        var flags = Flags(vma.Flags);
        AddIf(items, flags != "rw", $"flags: {flags}");
        AddUffd(items, vma.Flags);
        AddFile(items, vma);
        AddIf(items, Has(vma, VmaFlags.SoftDirtyTracked), "soft-dirty: tracked");
        AddIf(items, vma.NeverFolded, "never-folded: true");
        return items;
    }

    private static string Flags(VmaFlags flags)
    {
        var rights =
            ((flags & VmaFlags.Read) != 0 ? "r" : "")
            + ((flags & VmaFlags.Write) != 0 ? "w" : "")
            + ((flags & VmaFlags.Exec) != 0 ? "x" : "");
        var words = VmaReader
            .FlagWords.Where(known => (flags & known.Value) != 0)
            .Select(known => known.Name);
        return string.Join(' ', words.Prepend((flags & Rights) == 0 ? "none" : rights));
    }

    private static void AddUffd(List<string> items, VmaFlags flags)
    {
        string[] modes =
        [
            .. VmaReader
                .UffdModes.Where(known => (flags & known.Value) != 0)
                .Select(known => known.Name),
        ];
        AddIf(items, modes.Length == 1, $"uffd: {modes.FirstOrDefault()}");
        AddIf(items, modes.Length > 1, $"uffd: [{string.Join(", ", modes)}]");
        AddIf(items, (flags & VmaFlags.UffdEventRemap) != 0, "event-remap: true");
        AddIf(items, (flags & VmaFlags.UffdWpUnpopulated) != 0, "wp-unpopulated: true");
    }

    private static void AddFile(List<string> items, in VmaSpec vma)
    {
        if (Has(vma, VmaFlags.FileBacked))
        {
            var kind = Has(vma, VmaFlags.File) ? "regular" : "shmem";
            items.Add(
                vma.FilePages == 0
                    ? $"file: {kind}"
                    : $"file: {{ kind: {kind}, pages: {Text(vma.FilePages)} }}"
            );
        }
    }

    private static bool Has(in VmaSpec vma, VmaFlags flags) => (vma.Flags & flags) != 0;

    private static void AddIf(List<string> items, bool condition, string item)
    {
        if (condition)
        {
            items.Add(item);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
