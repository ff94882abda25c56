using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads the keys about the machine as a whole: architecture, kernel, configuration, tables, CPUs, mms.</summary>
internal static class SettingsReader
{
    /// <summary>CONT_PTES where a file gives the number of slots alone.</summary>
    public static int DefaultCont(int slots) => slots < 16 ? 4 : 16;

    /// <summary>Reads them.</summary>
    public static void Read(ReadState state, Dictionary<string, YamlNode> fields)
    {
        var scope = state.Scope;
        var scenario = state.Scenario;
        foreach (var (key, node) in fields)
        {
            switch (key)
            {
                case "arch":
                    scenario.Architecture = scope.Choice(
                        node,
                        "architecture",
                        [.. ArchitectureNames.All.Select(arch => (arch.Name(), arch))]
                    );
                    break;
                case "kernel":
                    scenario.Kernel = scope.Choice(
                        node,
                        "kernel",
                        [.. KernelVersionNames.All.Select(kernel => (kernel.Name(), kernel))]
                    );
                    break;
                case "config":
                    ReadConfig(state, node);
                    break;
                case "table":
                    ReadTable(state, node);
                    break;
                case "cpus":
                    scenario.Cpus = scope.Number(node, "cpus", 1, Machine.MaxCpus);
                    break;
                case "mms":
                    ReadMms(state, node);
                    break;
                case "unreachable":
                    scenario.Unreachable = scope.Flag(node, "unreachable");
                    break;
            }
        }
    }

    private static void ReadConfig(ReadState state, YamlNode node)
    {
        var map = node is YamlScalar { Text.Length: > 0 } text ? Split(state.Scope, text) : node;
        var fields = state.Scope.Fields(map, "a configuration", "shadow-stack", "bbml2");
        state.Scenario.ShadowStack =
            fields.TryGetValue("shadow-stack", out var shadow)
            && state.Scope.Flag(shadow, "shadow-stack");
        state.Scenario.Bbml2 =
            fields.TryGetValue("bbml2", out var bbml2) && state.Scope.Flag(bbml2, "bbml2");
    }

    /// <summary>Turns <c>shadow-stack=on,bbml2=off</c> into a map.</summary>
    private static YamlMap Split(FileScope scope, YamlScalar text)
    {
        var entries = new List<(YamlScalar, YamlNode)>();
        foreach (var part in text.Text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=');
            if (pair.Length != 2)
            {
                throw scope.Error(
                    text,
                    $"'{YamlTree.Shorten(part)}'; expected shadow-stack=on or bbml2=on"
                );
            }

            entries.Add((text with { Text = pair[0] }, text with { Text = pair[1] }));
        }

        return new(text.Line, text.Column, entries);
    }

    private static void ReadTable(ReadState state, YamlNode node)
    {
        var scope = state.Scope;
        var scenario = state.Scenario;
        var fields = scope.Fields(node, "a table", "slots", "cont");
        if (fields.TryGetValue("slots", out var slots))
        {
            scenario.Slots = scope.Choice(
                slots,
                "slots",
                ("8", 8),
                ("16", 16),
                ("32", 32),
                ("512", 512)
            );
        }

        scenario.ContPtes = fields.TryGetValue("cont", out var cont)
            ? scope.Choice(cont, "cont", ("4", 4), ("16", 16))
            : DefaultCont(scenario.Slots);
    }

    private static void ReadMms(ReadState state, YamlNode node)
    {
        var scope = state.Scope;
        state.Mms.Clear();
        if (node is YamlScalar)
        {
            var count = scope.Number(node, "mms", 1, Machine.MaxMms);
            state.Mms.AddRange(Enumerable.Range(0, count).Select(EntryText.MmName));
        }
        else
        {
            foreach (var item in scope.Items(node, "names of mms"))
            {
                var name = scope.Name(scope.Scalar(item, "the name of an mm"), "an mm");
                if (
                    state.Mms.Count == Machine.MaxMms
                    || state.Mms.Contains(name, StringComparer.Ordinal)
                )
                {
                    throw scope.Error(
                        item,
                        $"'{name}'; expected 1 to {Machine.MaxMms} different names"
                    );
                }

                state.Mms.Add(name);
            }
        }

        state.Scenario.Mms =
            state.Mms.Count > 0
                ? state.Mms.Count
                : throw scope.Error(node, $"no mm; expected 1 to {Machine.MaxMms}");
    }
}
