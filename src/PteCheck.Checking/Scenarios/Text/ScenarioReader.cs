using System.Buffers;
using System.Text;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads scenario files. The format is the YAML of DESIGN.md, section 8.</summary>
public static class ScenarioReader
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly string[] Keys =
    [
        "title",
        "thread",
        "question",
        "answer",
        "fix",
        "arch",
        "kernel",
        "config",
        "table",
        "cpus",
        "mms",
        "folios",
        "vmas",
        "ptes",
        "tlb",
        "pending",
        "run",
        "interference",
        "expect",
        "reach",
        "unreachable",
    ];

    /// <summary>Reads a file, or standard input where <paramref name="path"/> is <c>-</c>.</summary>
    /// <exception cref="ScenarioException">It cannot be read, or is no scenario.</exception>
    public static Scenario ReadFile(string path)
    {
        byte[] bytes;
        try
        {
            using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            bytes = ReadLimited(stream, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException(path, 1, 1, $"cannot be read: {exception.Message}");
        }

        return ReadBytes(bytes, path);
    }

    /// <summary>Reads a file's bytes, which must be UTF-8.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="ScenarioException">They are no scenario.</exception>
    public static Scenario ReadBytes(ReadOnlySpan<byte> bytes, string file)
    {
        RefuseSize(bytes.Length, file);
        long line = 1,
            column = 1;
        for (var rest = bytes; rest.Length > 0; )
        {
            if (Rune.DecodeFromUtf8(rest, out var rune, out var used) != OperationStatus.Done)
            {
                throw new ScenarioException(file, line, column, "not UTF-8; expected text");
            }

            rest = rest[used..];
            line += rune.Value == '\n' ? 1 : 0;
            column = rune.Value == '\n' ? 1 : column + 1;
        }

        return Read(Encoding.UTF8.GetString(bytes), file);
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="ScenarioException">It is no scenario; the message has file, line, column and what was expected.</exception>
    public static Scenario Read(string text, string file)
    {
        RefuseSize(text.Length, file);
        RefuseSize(Encoding.UTF8.GetByteCount(text), file);
        var root = YamlTree.Read(text.TrimStart('\uFEFF'), file);
        var scope = new FileScope(file);
        var fields = scope.Fields(root, "a scenario", Keys);
        var state = new ReadState(scope);
        ReadMachine(state, root, fields);
        state.Scenario.Notes = ReadNotes(state, fields, file);
        ReachableCheck.Check(state, root, fields);
        return state.Scenario;
    }

    private static byte[] ReadLimited(Stream stream, string path)
    {
        if (stream.CanSeek)
        {
            RefuseSize(stream.Length, path);
        }

        var bytes = new byte[MaxBytes + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..length];
    }

    private static void RefuseSize(long length, string file)
    {
        if (length > MaxBytes)
        {
            throw new ScenarioException(file, 1, 1, "larger than 1 MiB; no scenario is");
        }
    }

    private static void ReadMachine(
        ReadState state,
        YamlNode root,
        Dictionary<string, YamlNode> fields
    )
    {
        var scope = state.Scope;
        if (!fields.TryGetValue("run", out var runNode))
        {
            throw scope.Error(
                root,
                "no 'run:'; expected an operation, such as run: mremap src to dst"
            );
        }

        if (!fields.TryGetValue("vmas", out var vmas))
        {
            throw scope.Error(
                root,
                "no 'vmas:'; expected a list such as - { name: src, pages: 2 }"
            );
        }

        var run = RunReader.Items(scope, runNode);
        var targets = run.Select(item => RunReader.Target(scope, item)).ToList();
        SettingsReader.Read(state, fields);
        IfSaid(fields, "folios", node => FolioReader.Read(state, node));
        VmaReader.Read(state, vmas, [.. targets.Select(target => target.Destination)]);
        for (var i = 0; i < run.Count; i++)
        {
            RunReader.Read(state, run[i], targets[i].Operation, targets[i].Destination);
        }

        IfSaid(fields, "ptes", node => EntryReader.Read(state, node));
        RunTarget.Settle(state.Scenario);
        IfSaid(fields, "tlb", node => TlbReader.Read(state, node));
        IfSaid(fields, "pending", node => TlbReader.ReadPending(state, node));
        IfSaid(fields, "interference", node => ReadSteps(state, node));
    }

    private static void ReadSteps(ReadState state, YamlNode node)
    {
        if (state.Scenario.IsSequence)
        {
            throw state.Scope.Error(
                node,
                "steps of others in a run of several operations; expected none, or a run of one operation"
            );
        }

        StepReader.Read(state, node);
    }

    private static void IfSaid(
        Dictionary<string, YamlNode> fields,
        string key,
        Action<YamlNode> read
    )
    {
        if (fields.TryGetValue(key, out var node))
        {
            read(node);
        }
    }

    private static ScenarioNotes ReadNotes(
        ReadState state,
        Dictionary<string, YamlNode> fields,
        string file
    )
    {
        var scope = state.Scope;
        string? Text(string key) =>
            fields.TryGetValue(key, out var node) ? scope.Scalar(node, key).Text.Trim() : null;
        return new()
        {
            File = file,
            Title = Text("title") ?? "",
            Thread = Text("thread"),
            Question = Text("question"),
            Answer = Text("answer"),
            Fix = Text("fix"),
            Expectations = fields.TryGetValue("expect", out var expect)
                ? NotesReader.Expectations(scope, expect, state.Scenario.Operations())
                : [],
            Reach = fields.TryGetValue("reach", out var reach)
                ? NotesReader.Reach(scope, reach)
                : [],
            FolioNames = state.Folios,
            VmaNames = state.Vmas,
        };
    }
}
