using PteCheck.Kernel.Mprotect;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>What an mprotect is to do, as <c>run:</c> spells it: <c>to r</c>, <c>to none</c>, <c>numa</c>, <c>uffd-wp</c> or <c>uffd-resolve</c>.</summary>
internal static class ProtectText
{
    private const string Form =
        "'to' and the new rights, such as 'to r' or 'to none', or one of numa, uffd-wp, uffd-resolve";

    /// <summary>Rights that a file can name.</summary>
    public static readonly (string Name, VmaFlags Value)[] Rights =
    [
        ("none", VmaFlags.None),
        ("r", VmaFlags.Read),
        ("rw", VmaFlags.Read | VmaFlags.Write),
        ("rx", VmaFlags.Read | VmaFlags.Exec),
        ("rwx", VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec),
    ];

    private static readonly (string Name, ProtectMode Value)[] Modes =
    [
        ("numa", ProtectMode.Numa),
        ("uffd-wp", ProtectMode.UffdWp),
        ("uffd-resolve", ProtectMode.UffdResolve),
    ];

    /// <summary>The words behind the range.</summary>
    public static string Of(in RunSpec run)
    {
        var (mode, rights) = (run.Mode, run.Rights);
        return mode == ProtectMode.Protect
            ? "to " + Array.Find(Rights, known => known.Value == rights).Name
            : Array.Find(Modes, known => known.Value == mode).Name;
    }

    /// <summary>Reads the words behind the range.</summary>
    public static (ProtectMode Mode, VmaFlags Rights) Read(TextCursor cursor)
    {
        cursor.SkipSpaces();
        var start = cursor.Position;
        var word = cursor.Name();
        if (word != "to")
        {
            var mode = Array.Find(Modes, known => known.Name == word);
            return mode.Name is null
                ? throw cursor.Error(start, $"expected {Form}")
                : (mode.Value, VmaFlags.None);
        }

        cursor.SkipSpaces();
        start = cursor.Position;
        word = cursor.Name();
        var rights = Array.Find(Rights, known => known.Name == word);
        return rights.Name is null
            ? throw cursor.Error(
                start,
                FileScope.Unknown("rights", word, [.. Rights.Select(known => known.Name)])
            )
            : (ProtectMode.Protect, rights.Value);
    }
}
