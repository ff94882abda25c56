using PteCheck.Checking.Oracles;
using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads what a file says beside the scenario: <c>expect:</c>, <c>reach:</c> and texts.</summary>
internal static class NotesReader
{
    private static readonly string[] Verdicts =
    [
        .. Enum.GetValues<VerdictKind>().Select(verdict => verdict.Name()),
    ];

    /// <summary>Reads the expectations.</summary>
    public static List<Expectation> Expectations(
        FileScope scope,
        YamlNode node,
        IReadOnlyList<IOperation> operations
    )
    {
        var expectations = new List<Expectation>();
        foreach (var (key, value) in scope.Map(node, "implementations and verdicts").Entries)
        {
            var parsed = OperationCatalog.Parse(key.Text, operations, out var error);
            if (parsed is null)
            {
                throw scope.Error(key, error);
            }

            if (!operations.Any(operation => operation.Name == parsed.Operation))
            {
                throw scope.Error(
                    key,
                    $"{parsed.FullName} is of an operation that is not run; there are: {string.Join(", ", operations.Select(operation => operation.Name))}"
                );
            }

            var cursor = new TextCursor(scope, scope.Scalar(value, "a verdict"));
            cursor.SkipSpaces();
            var start = cursor.Position;
            var word = cursor.Word();
            if (!VerdictNames.TryParse(word, out var verdict))
            {
                throw cursor.Error(start, FileScope.Unknown("verdict", word, Verdicts));
            }

            var rule = verdict == VerdictKind.Violated ? Rule(cursor) : null;
            cursor.End("a verdict, and after 'violated' a rule such as PTB001");
            expectations.Add(new(key.Text, verdict, rule, (int)key.Line));
        }

        return expectations;
    }

    private static string? Rule(TextCursor cursor)
    {
        if (cursor.AtEnd)
        {
            return null;
        }

        var start = cursor.Position;
        var id = cursor.Word();
        return Rules.Find(id) is not null
            ? id
            : throw cursor.Error(
                start,
                FileScope.Unknown("rule", id, [.. Rules.All.Select(rule => rule.Id)])
            );
    }

    /// <summary>Reads the recipes: one list of steps, or a list of such lists.</summary>
    public static List<IReadOnlyList<string>> Reach(FileScope scope, YamlNode node)
    {
        if (node is YamlScalar { Text.Length: > 0 } one)
        {
            return
            [
                [one.Text],
            ];
        }

        var items = scope.Items(node, "system calls");
        if (items.Count == 0)
        {
            return [];
        }

        return items[0] is YamlList
            ? [.. items.Select(recipe => Steps(scope, scope.Items(recipe, "system calls")))]
            : [Steps(scope, items)];
    }

    private static IReadOnlyList<string> Steps(FileScope scope, IReadOnlyList<YamlNode> items) =>
        [.. items.Select(item => scope.Scalar(item, "a system call").Text)];
}
