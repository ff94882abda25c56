using PteCheck.Kernel.CollapseAnon;
using PteCheck.Kernel.CollapseFile;
using PteCheck.Kernel.FolioPteBatch;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.MadviseDontneed;
using PteCheck.Kernel.MadviseFree;
using PteCheck.Kernel.Mprotect;
using PteCheck.Kernel.Mremap;
using PteCheck.Kernel.MthpSelect;
using PteCheck.Kernel.NumaFault;
using PteCheck.Kernel.WpFault;
using PteCheck.Kernel.Zap;

namespace PteCheck.Kernel.Operations;

/// <summary>Every operation, and the reading of implementation names.</summary>
public static class OperationCatalog
{
    /// <summary>The operations in the order of reports.</summary>
    public static readonly IReadOnlyList<IOperation> All =
    [
        MremapOperation.Instance,
        LazyfreeOperation.Instance,
        ZapOperation.Instance,
        WpFaultOperation.Instance,
        MprotectOperation.Instance,
        MthpSelectOperation.Instance,
        CollapseFileOperation.Instance,
        CollapseAnonOperation.Instance,
        NumaFaultOperation.Instance,
        FolioPteBatchOperation.Instance,
        MadviseFreeOperation.Instance,
        MadviseDontneedOperation.Instance,
    ];

    /// <summary>The operation of a name, or null.</summary>
    public static IOperation? Find(string name) =>
        All.FirstOrDefault(operation => operation.Name == name);

    /// <summary>The place of an operation in <see cref="All"/>, as scenarios name it.</summary>
    public static byte IndexOf(IOperation operation)
    {
        byte index = 0;
        while (All[index].Name != operation.Name)
        {
            index++;
        }

        return index;
    }

    /// <summary>The reference of an operation.</summary>
    public static Implementation Reference(this IOperation operation) =>
        operation.Implementations[0];

    /// <summary>What upstream does today: the newest implementation, or the reference where it stands alone.</summary>
    public static Implementation Upstream(this IOperation operation) =>
        operation.Implementations.FirstOrDefault(one => one.Name == operation.Newest)
        ?? operation.Reference();

    /// <summary>The named implementations to judge: all but the reference, or the reference where it stands alone.</summary>
    public static IReadOnlyList<Implementation> Candidates(this IOperation operation) =>
        operation.Implementations.Count == 1
            ? operation.Implementations
            : [.. operation.Implementations.Skip(1)];

    /// <summary>
    /// Reads a name such as <c>mremap/batched~ignore-write</c>, or <c>batched</c> where
    /// <paramref name="within"/> says of which operation.
    /// </summary>
    /// <param name="text">The name.</param>
    /// <param name="within">The operations that a name without one may belong to; empty for all.</param>
    /// <param name="error">What was expected, when nothing is returned.</param>
    public static Implementation? Parse(
        string text,
        IReadOnlyList<IOperation> within,
        out string error
    )
    {
        error = "";
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var operations = within.Count == 0 ? All : within;
        if (slash >= 0)
        {
            var operation = Find(text[..slash]);
            if (operation is null)
            {
                error =
                    $"no operation '{text[..slash]}'; there are: {Join(All.Select(known => known.Name))}";
                return null;
            }

            operations = [operation];
        }

        var parts = text[(slash + 1)..].Split('~');
        var matches = operations
            .SelectMany(operation => operation.Implementations.Select(known => (operation, known)))
            .Where(pair => pair.known.Name == parts[0])
            .ToList();
        if (matches.Count == 1)
        {
            return Apply(matches[0].operation, matches[0].known, parts.AsSpan(1), out error);
        }

        error =
            matches.Count == 0
                ? $"no implementation '{parts[0]}'; there are: {Join(operations.SelectMany(operation => operation.Implementations).Select(known => known.FullName))}"
                : $"'{parts[0]}' is ambiguous; say one of: {Join(matches.Select(pair => pair.known.FullName))}";
        return null;
    }

    /// <summary>An implementation with its set of decisions replaced, named by what differs from its base.</summary>
    public static Implementation WithDecisions(
        this Implementation implementation,
        IOperation operation,
        DecisionSet decisions
    )
    {
        var name = implementation.Name;
        foreach (var decision in operation.Decisions)
        {
            var before = implementation.Decisions.Has(decision);
            if (before != decisions.Has(decision))
            {
                name += "~" + (before ? decision.Mend : decision.Name);
            }
        }

        return implementation with
        {
            Name = name,
            Decisions = decisions,
            IsReference = implementation.IsReference && decisions == implementation.Decisions,
        };
    }

    private static Implementation? Apply(
        IOperation operation,
        Implementation implementation,
        ReadOnlySpan<string> names,
        out string error
    )
    {
        error = "";
        var decisions = implementation.Decisions;
        foreach (var name in names)
        {
            var decision = operation.Decisions.FirstOrDefault(known =>
                known.Name == name || known.Mend == name
            );
            var fixedForm = implementation.IsReference && operation.Implementations.Count > 1;
            if (decision is null || fixedForm)
            {
                error = fixedForm
                    ? $"{implementation.FullName} is the reference and has no decisions to switch"
                    : $"{operation.Name} has no decision '{name}'; there are: {Join(operation.Decisions.Select(known => $"{known.Name} / {known.Mend}"))}";
                return null;
            }

            decisions =
                decision.Name == name
                    ? decisions.With(decision.Set)
                    : decisions.Without(decision.Set);
        }

        return implementation.WithDecisions(operation, decisions);
    }

    private static string Join(IEnumerable<string> names) => string.Join(", ", names);
}
