using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads <c>run:</c>.</summary>
internal static class RunReader
{
    private const string Form = "such as 'mremap src to dst' or 'mremap src+1..3 to dst'";

    /// <summary>The operations of the run: one, or a list of them.</summary>
    public static IReadOnlyList<YamlScalar> Items(FileScope scope, YamlNode node)
    {
        const string What = "an operation";
        if (node is not YamlList list)
        {
            return [scope.Scalar(node, What)];
        }

        return list.Items.Count is >= 1 and <= Scenario.MaxRuns
            ? [.. list.Items.Select(item => scope.Scalar(item, What))]
            : throw scope.Error(
                node,
                $"{list.Items.Count} operations; expected 1 to {Scenario.MaxRuns}, such as run: [ 'zap src+1', 'mremap src+0 to dst' ]"
            );
    }

    /// <summary>Index of the operation that the text names, and the name after <c>to</c>; null where nothing moves.</summary>
    /// <remarks>Read before the VMAs, which have to know which of them is the destination.</remarks>
    public static (byte Operation, string? Destination) Target(FileScope scope, YamlScalar node)
    {
        var cursor = new TextCursor(scope, node);
        var name = cursor.Name();
        var index = -1;
        for (var i = 0; i < OperationCatalog.All.Count; i++)
        {
            index = OperationCatalog.All[i].Name == name ? i : index;
        }

        if (index < 0)
        {
            string[] names = [.. OperationCatalog.All.Select(operation => operation.Name)];
            throw cursor.Error(0, FileScope.Unknown("operation", name, names));
        }

        if (!Moves((byte)index))
        {
            return ((byte)index, null);
        }

        cursor.Word();
        cursor.SkipSpaces();
        var start = cursor.Position;
        if (cursor.Word() != "to")
        {
            throw cursor.Error(start, $"expected 'to' and the destination, {Form}");
        }

        cursor.SkipSpaces();
        start = cursor.Position;
        var destination = cursor.Word();
        scope.Name(node with { Text = destination, Column = node.Column + start }, "a VMA", "to");
        cursor.End(Form);
        return ((byte)index, destination);
    }

    /// <summary>Whether the operation has a destination.</summary>
    public static bool Moves(byte operation) => OperationCatalog.All[operation].Moves;

    /// <summary>Reads one operation: its range, and adds the destination where the file does not declare it.</summary>
    public static void Read(ReadState state, YamlScalar node, byte operation, string? destination)
    {
        state.RunPlaces.Add(node);
        var run = ReadOne(state, node, operation, destination);
        state.Scenario.RunCount = state.RunPlaces.Count;
        state.Scenario.Tested = state.Scenario.RunCount - 1;
        state.Scenario.Run = run;
    }

    private static RunSpec ReadOne(
        ReadState state,
        YamlScalar node,
        byte operation,
        string? destination
    )
    {
        var cursor = new TextCursor(state.Scope, node);
        cursor.Name();
        cursor.SkipSpaces();
        var start = cursor.Position;
        if (OperationCatalog.All[operation].WorksOnFolio)
        {
            return OnFolio(state, cursor, operation, start);
        }

        if (OperationCatalog.All[operation].CollapsesFile)
        {
            return OfTable(state, cursor, operation, start);
        }

        if (OperationCatalog.All[operation].CollapsesAnon)
        {
            return CollapseText.Read(state, cursor, operation, start);
        }

        var run = OfRange(state, node, cursor, operation, destination);
        if (!OperationCatalog.All[operation].Selects)
        {
            return run;
        }

        state.Scenario.Run = run;
        SelectText.Read(state, cursor);
        return state.Scenario.Run;
    }

    /// <summary>Reads <c>src</c> or <c>src+1..2</c>, and what the operation wants to know beside it.</summary>
    private static RunSpec OfRange(
        ReadState state,
        YamlScalar node,
        TextCursor cursor,
        byte operation,
        string? destination
    )
    {
        var scenario = state.Scenario;
        var start = cursor.Position;
        var vma = ReadState.IndexOf(state.Vmas, cursor.Name(), "VMA", cursor, start);
        if (state.Vmas[vma] == destination)
        {
            throw cursor.Error(start, $"'{destination}' moves onto itself; expected another VMA");
        }

        var (first, pages) = cursor.Take("+")
            ? cursor.Range($"page of {state.Vmas[vma]}", 0, scenario.Vmas[vma].Pages - 1)
            : (0, scenario.Vmas[vma].Pages);
        var (mode, rights) = OperationCatalog.All[operation].Protects
            ? ProtectText.Read(cursor)
            : default;
        var migrates = OperationCatalog.All[operation].Hints && cursor.Take(" migrate");
        var batch = OperationCatalog.All[operation].CountsBatch
            ? BatchText.Read(cursor)
            : FpbFlags.None;
        if (destination is null && !OperationCatalog.All[operation].Selects)
        {
            cursor.End("a VMA or some of its pages");
        }

        if (OperationCatalog.All[operation].OnePage && pages != 1)
        {
            throw cursor.Error(
                start,
                $"{OperationCatalog.All[operation].Name} is for one page; expected one, such as '{state.Vmas[vma]}+{first}'"
            );
        }

        return new()
        {
            Operation = operation,
            Vma = (byte)vma,
            NewVma = (byte)(
                destination is null ? vma : Destination(state, node, destination, vma, pages)
            ),
            First = (short)first,
            Pages = (short)pages,
            Migrates = migrates,
            Mode = mode,
            Rights = rights,
            Batch = batch,
        };
    }

    /// <summary>Reads <c>A deferred</c> or <c>A immediate</c>.</summary>
    private static RunSpec OnFolio(ReadState state, TextCursor cursor, byte operation, int start)
    {
        var folio = ReadState.IndexOf(state.Folios, cursor.Name(), "folio", cursor, start);
        cursor.SkipSpaces();
        start = cursor.Position;
        var flush = cursor.Name();
        if (flush is not ("deferred" or "immediate"))
        {
            throw cursor.Error(start, "expected 'deferred' or 'immediate', how the TLB is flushed");
        }

        cursor.End("nothing more");
        return new()
        {
            Operation = operation,
            Folio = (short)folio,
            Deferred = flush == "deferred",
        };
    }

    /// <summary>Reads <c>a</c> or <c>a+9</c>, then <c>of A</c> or <c>of none</c>, then <c>install</c>.</summary>
    private static RunSpec OfTable(ReadState state, TextCursor cursor, byte operation, int start)
    {
        var vma = ReadState.IndexOf(state.Vmas, cursor.Name(), "VMA", cursor, start);
        var run = new RunSpec
        {
            Operation = operation,
            Vma = (byte)vma,
            NewVma = (byte)vma,
            Folio = CollapseTarget.NotSaid,
        };
        if (cursor.Take("+"))
        {
            var most = state.Scenario.Vmas[vma].Pages - 1;
            run.First = (short)cursor.Number($"page of {state.Vmas[vma]}", 0, most);
            run.Pages = 1;
        }

        cursor.SkipSpaces();
        if (cursor.TakeWords("of"))
        {
            cursor.SkipSpaces();
            start = cursor.Position;
            var name = cursor.Name();
            run.Folio =
                name == "none"
                    ? CollapseTarget.NoFolio
                    : (short)ReadState.IndexOf(state.Folios, name, "folio", cursor, start);
        }

        cursor.SkipSpaces();
        run.Install = cursor.TakeWords("install");
        cursor.End("'of' and a folio, 'install', or nothing more");
        return run;
    }

    private static int Destination(
        ReadState state,
        YamlScalar node,
        string destination,
        int source,
        int pages
    )
    {
        var declared = state.Vmas.IndexOf(destination);
        if (declared >= 0)
        {
            return declared;
        }

        if (state.Vmas.Count == Machine.MaxVmas)
        {
            throw state.Scope.Error(
                node,
                $"no room for the destination: more than {Machine.MaxVmas} VMAs"
            );
        }

        state.Vmas.Add(destination);
        state.VmaPlaces.Add(node);
        state.Scenario.Vmas[state.Scenario.VmaCount] = new()
        {
            Mm = state.Scenario.Vmas[source].Mm,
            At = -1,
            Pages = pages,
            Destination = true,
        };
        return state.Scenario.VmaCount++;
    }
}
