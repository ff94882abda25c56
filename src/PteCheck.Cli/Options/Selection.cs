using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Cli.Options;

/// <summary>Which implementations the options name.</summary>
internal static class Selection
{
    /// <summary>The implementations named; without any, <c>batched</c> of each operation named, or of all, and the reference where it stands alone.</summary>
    /// <exception cref="UsageException">A name means nothing, or more than one thing.</exception>
    public static IReadOnlyList<Implementation> Read(string[] operations, string[] implementations)
    {
        var within = operations.Select(ReadOperation).Distinct().ToList();
        if (implementations.Length > 0)
        {
            return ReadAll(implementations, within);
        }

        return
        [
            .. (within.Count == 0 ? OperationCatalog.All : within).Select(operation =>
                operation.Upstream()
            ),
        ];
    }

    /// <summary>The implementations of a list of names, each once.</summary>
    public static IReadOnlyList<Implementation> ReadAll(
        string[] names,
        IReadOnlyList<IOperation> within
    )
    {
        var chosen = new List<Implementation>();
        foreach (var name in names)
        {
            var implementation =
                OperationCatalog.Parse(name, within, out var error)
                ?? throw new UsageException($"--implementation: {error}");
            if (within.Count > 0 && !within.Any(known => known.Name == implementation.Operation))
            {
                throw new UsageException(
                    $"--implementation: expected one of {string.Join(", ", within.Select(known => known.Name))}, not '{name}'"
                );
            }

            if (!chosen.Contains(implementation))
            {
                chosen.Add(implementation);
            }
        }

        return chosen;
    }

    /// <summary>The architectures named, in the order of reports; both without any.</summary>
    public static IReadOnlyList<Architecture> ReadArchitectures(string[] names)
    {
        if (names.Length == 0)
        {
            return ArchitectureNames.All;
        }

        var chosen = new HashSet<Architecture>();
        foreach (var name in names)
        {
            chosen.Add(
                ArchitectureNames.TryParse(name, out var architecture)
                    ? architecture
                    : throw OptionText.Bad("--arch", "x86-64 or arm64", name)
            );
        }

        return [.. ArchitectureNames.All.Where(chosen.Contains)];
    }

    private static IOperation ReadOperation(string name) =>
        OperationCatalog.Find(name)
        ?? throw OptionText.Bad(
            "--operation",
            string.Join(" or ", OperationCatalog.All.Select(known => known.Name)),
            name
        );
}
