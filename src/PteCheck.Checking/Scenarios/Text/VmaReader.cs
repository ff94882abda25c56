using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads <c>vmas:</c>.</summary>
internal static class VmaReader
{
    private static readonly string[] PlaceKeys = ["name", "mm", "at", "pages", "tables"];

    private static readonly string[] Keys =
    [
        .. PlaceKeys,
        "flags",
        "uffd",
        "event-remap",
        "wp-unpopulated",
        "file",
        "soft-dirty",
        "never-folded",
    ];

    /// <summary>Words of <c>flags:</c>.</summary>
    public static readonly (string Name, VmaFlags Value)[] FlagWords =
    [
        ("shared", VmaFlags.Shared),
        ("mlock", VmaFlags.Locked),
        ("shadow-stack", VmaFlags.ShadowStack),
        ("droppable", VmaFlags.Droppable),
    ];

    /// <summary>Modes of <c>uffd:</c>.</summary>
    public static readonly (string Name, VmaFlags Value)[] UffdModes =
    [
        ("wp", VmaFlags.UffdWp),
        ("missing", VmaFlags.UffdMissing),
        ("minor", VmaFlags.UffdMinor),
    ];

    /// <summary>Values of <c>file:</c>.</summary>
    public static readonly (string Name, VmaFlags Value)[] FileKinds =
    [
        ("regular", VmaFlags.File),
        ("shmem", VmaFlags.Shmem),
    ];

    private static readonly (char Letter, VmaFlags Value)[] FlagLetters =
    [
        ('r', VmaFlags.Read),
        ('w', VmaFlags.Write),
        ('x', VmaFlags.Exec),
        ('s', VmaFlags.Shared),
    ];

    /// <summary>Reads the list of VMAs into the scenario.</summary>
    /// <param name="state">The state.</param>
    /// <param name="node">The list.</param>
    /// <param name="destinations">Names of the VMAs that moves make; null for an operation that moves nothing.</param>
    public static void Read(ReadState state, YamlNode node, IReadOnlyList<string?> destinations)
    {
        var scope = state.Scope;
        foreach (var item in scope.Items(node, "VMAs"))
        {
            if (state.Vmas.Count == Machine.MaxVmas)
            {
                throw scope.Error(item, $"more than {Machine.MaxVmas} VMAs");
            }

            var fields = scope.Fields(item, "a VMA", Keys);
            var name = scope.Name(
                scope.Scalar(Required(scope, item, fields, "name"), "name"),
                "a VMA",
                "to"
            );
            if (state.Vmas.Contains(name, StringComparer.Ordinal))
            {
                throw scope.Error(fields["name"], $"a second VMA '{name}'");
            }

            state.Vmas.Add(name);
            state.VmaPlaces.Add(item);
            var vma = ReadPlace(state, item, fields);
            if (destinations.Contains(name, StringComparer.Ordinal))
            {
                RefuseMore(scope, fields);
                vma.Destination = true;
            }
            else
            {
                ReadKind(scope, fields, ref vma);
            }

            state.Scenario.Vmas[state.Scenario.VmaCount++] = vma;
        }
    }

    private static YamlNode Required(
        FileScope scope,
        YamlNode item,
        Dictionary<string, YamlNode> fields,
        string key
    ) =>
        fields.TryGetValue(key, out var value)
            ? value
            : throw scope.Error(item, $"a VMA without '{key}'; expected {{ name: src, pages: 2 }}");

    private static void RefuseMore(FileScope scope, Dictionary<string, YamlNode> fields)
    {
        foreach (var (key, value) in fields)
        {
            if (!PlaceKeys.Contains(key, StringComparer.Ordinal))
            {
                throw scope.Error(
                    value,
                    $"'{key}' of a destination, which takes it from its source; expected {string.Join(", ", PlaceKeys)}"
                );
            }
        }
    }

    private static VmaSpec ReadPlace(
        ReadState state,
        YamlNode item,
        Dictionary<string, YamlNode> fields
    )
    {
        var scope = state.Scope;
        var pages = Required(scope, item, fields, "pages");
        var vma = new VmaSpec
        {
            At = -1,
            Pages = scope.Number(pages, "pages", 1, ShapeRules.MaxVmaPages),
        };
        if (fields.TryGetValue("mm", out var mm))
        {
            var cursor = new TextCursor(scope, scope.Scalar(mm, "mm"));
            vma.Mm = (byte)ReadState.IndexOf(state.Mms, cursor.Name(), "mm", cursor, 0);
            cursor.End("the name of an mm");
        }

        if (fields.TryGetValue("tables", out var tables))
        {
            var choice = scope.Choice(tables, "tables", ("none", 1), ("present", 0), ("leaf", 2));
            (vma.NoTables, vma.Leaves) = (choice == 1, choice == 2);
        }

        if (fields.TryGetValue("at", out var at))
        {
            vma.At = scope.Number(at, "at", 0, ShapeRules.MaxVpn - vma.Pages);
        }

        return vma;
    }

    private static void ReadKind(
        FileScope scope,
        Dictionary<string, YamlNode> fields,
        ref VmaSpec vma
    )
    {
        vma.Flags = fields.TryGetValue("flags", out var flags)
            ? ReadFlags(scope, scope.Scalar(flags, "flags"))
            : VmaFlags.Read | VmaFlags.Write;
        if (fields.TryGetValue("uffd", out var uffd))
        {
            vma.Flags |= ReadUffd(scope, uffd);
        }

        vma.Flags |= If(scope, fields, "event-remap", VmaFlags.UffdEventRemap);
        vma.Flags |= If(scope, fields, "wp-unpopulated", VmaFlags.UffdWpUnpopulated);
        vma.NeverFolded =
            fields.TryGetValue("never-folded", out var folded)
            && scope.Flag(folded, "never-folded");
        if (fields.TryGetValue("soft-dirty", out var softDirty))
        {
            vma.Flags |= scope.Choice(
                softDirty,
                "soft-dirty",
                ("tracked", VmaFlags.SoftDirtyTracked),
                ("untracked", VmaFlags.None)
            );
        }

        if (fields.TryGetValue("file", out var file))
        {
            ReadFile(scope, file, ref vma);
        }
    }

    private static VmaFlags If(
        FileScope scope,
        Dictionary<string, YamlNode> fields,
        string key,
        VmaFlags flag
    ) => fields.TryGetValue(key, out var value) && scope.Flag(value, key) ? flag : VmaFlags.None;

    private static VmaFlags ReadUffd(FileScope scope, YamlNode node)
    {
        if (node is YamlScalar)
        {
            return scope.Choice(node, "uffd mode", UffdModes);
        }

        var flags = VmaFlags.None;
        foreach (var item in scope.Items(node, "uffd modes"))
        {
            flags |= scope.Choice(item, "uffd mode", UffdModes);
        }

        return flags;
    }

    private static void ReadFile(FileScope scope, YamlNode node, ref VmaSpec vma)
    {
        if (node is YamlScalar)
        {
            vma.Flags |= scope.Choice(node, "file", FileKinds);
            return;
        }

        var fields = scope.Fields(node, "a file", "kind", "pages");
        vma.Flags |= fields.TryGetValue("kind", out var kind)
            ? scope.Choice(kind, "kind of file", FileKinds)
            : VmaFlags.File;
        if (fields.TryGetValue("pages", out var pages))
        {
            vma.FilePages = scope.Number(pages, "pages of the file", 1, ShapeRules.MaxVmaPages);
        }
    }

    /// <summary>Letters r w x s, and words; without a letter for rights, and without <c>none</c>, rw.</summary>
    private static VmaFlags ReadFlags(FileScope scope, YamlScalar node)
    {
        const VmaFlags Rights = VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec;
        var flags = VmaFlags.None;
        var none = false;
        foreach (var word in node.Text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            none |= word == "none";
            flags |= word is "none" or "private" ? VmaFlags.None : FlagsOf(scope, node, word);
        }

        return (flags & Rights) != 0 || none ? flags : flags | VmaFlags.Read | VmaFlags.Write;
    }

    private static VmaFlags FlagsOf(FileScope scope, YamlScalar node, string word)
    {
        foreach (var (name, value) in FlagWords)
        {
            if (name == word)
            {
                return value;
            }
        }

        var flags = VmaFlags.None;
        foreach (var c in word)
        {
            var letter = FlagLetters.FirstOrDefault(known => known.Letter == c).Value;
            if (letter == VmaFlags.None)
            {
                string[] words = [.. FlagWords.Select(known => known.Name), "private", "none"];
                throw scope.Error(
                    node,
                    FileScope.Unknown("flag", word, words) + ", or letters r w x s"
                );
            }

            flags |= letter;
        }

        return flags;
    }
}
