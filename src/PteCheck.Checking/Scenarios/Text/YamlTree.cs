using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>
/// Reads the part of YAML that scenario files use: one document of maps, lists and scalars. Anchors,
/// aliases, tags, duplicate keys, deep nesting and control characters are refused.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>Deepest nesting of maps and lists.</summary>
    public const int MaxDepth = 16;

    /// <summary>Most events of one file; a full scenario needs about 10,000.</summary>
    public const int MaxEvents = 50_000;

    private readonly string file;
    private readonly Parser parser;
    private int events;

    private YamlTree(string text, string file)
    {
        this.file = file;
        parser = new Parser(new StringReader(text));
    }

    /// <summary>The root of the one document.</summary>
    /// <exception cref="ScenarioException">The text is not such a document.</exception>
    public static YamlNode Read(string text, string file)
    {
        RefuseControlCharacters(text, file);
        try
        {
            return new YamlTree(text, file).ReadStream();
        }
        catch (YamlException exception)
        {
            var place = exception.Start;
            throw new ScenarioException(
                file,
                Math.Max(1, place.Line),
                Math.Max(1, place.Column),
                $"not YAML: {FirstLine(exception.Message)}"
            );
        }
    }

    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();

    private static void RefuseControlCharacters(string text, string file)
    {
        long line = 1,
            column = 1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var paired = char.IsHighSurrogate(c)
                ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
                : i > 0 && char.IsHighSurrogate(text[i - 1]);
            var bad =
                (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
                || (char.IsSurrogate(c) && !paired);
            if (bad || c is '\uFFFE' or '\uFFFF')
            {
                var code = ((int)c).ToString("X4", CultureInfo.InvariantCulture);
                throw new ScenarioException(
                    file,
                    line,
                    column,
                    $"character U+{code}; expected text without control characters"
                );
            }

            line += c == '\n' ? 1 : 0;
            column = c == '\n' ? 1 : column + 1;
        }
    }

    private YamlNode ReadStream()
    {
        Next();
        if (Next() is not DocumentStart)
        {
            throw new ScenarioException(file, 1, 1, "the file is empty; expected a scenario");
        }

        var root = ReadNode(Next(), depth: 0);
        Next();
        var after = Next();
        return after is StreamEnd
            ? root
            : throw Error(after, "a second document; expected one scenario in a file");
    }

    private ParsingEvent Next()
    {
        do
        {
            if (!MoveNext())
            {
                throw new ScenarioException(file, 1, 1, "the file ends too early");
            }
        } while (parser.Current is Comment);

        var next = parser.Current!;
        return ++events > MaxEvents
            ? throw Error(next, $"more than {MaxEvents} items; no scenario needs as many")
            : next;
    }

    /// <summary>The parser's own, which some broken flow lists make throw what is not a YamlException.</summary>
    private bool MoveNext()
    {
        var before = parser.Current;
        try
        {
            return parser.MoveNext();
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or ArgumentException or FormatException)
        {
            throw new ScenarioException(
                file,
                Math.Max(1, before?.End.Line ?? 1),
                Math.Max(1, before?.End.Column ?? 1),
                "not YAML from here on"
            );
        }
    }

    private YamlNode ReadNode(ParsingEvent start, int depth)
    {
        if (start is AnchorAlias)
        {
            throw Error(start, "an alias; expected the value itself");
        }

        if (start is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty))
        {
            throw Error(start, "an anchor or a tag; expected a plain value");
        }

        if (depth > MaxDepth)
        {
            throw Error(start, $"nested more than {MaxDepth} deep");
        }

        return start switch
        {
            Scalar scalar => ToScalar(scalar),
            SequenceStart => ReadList(start, depth),
            MappingStart => ReadMap(start, depth),
            _ => throw Error(start, "expected a value"),
        };
    }

    private YamlScalar ToScalar(Scalar scalar) =>
        scalar.Value.Any(c => char.IsControl(c) && c is not ('\n' or '\t'))
            ? throw Error(scalar, "an escaped control character; expected text without them")
            : new(
                scalar.Start.Line,
                scalar.Start.Column,
                scalar.Value,
                scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted ? 1 : 0
            );

    private YamlList ReadList(ParsingEvent start, int depth)
    {
        var items = new List<YamlNode>();
        for (var next = Next(); next is not SequenceEnd; next = Next())
        {
            items.Add(ReadNode(next, depth + 1));
        }

        return new(start.Start.Line, start.Start.Column, items);
    }

    private YamlMap ReadMap(ParsingEvent start, int depth)
    {
        var entries = new List<(YamlScalar, YamlNode)>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            if (ReadNode(next, depth + 1) is not YamlScalar key)
            {
                throw Error(next, "a key that is not a word");
            }

            if (!keys.Add(key.Text))
            {
                throw Error(next, $"key '{Shorten(key.Text)}' for the second time");
            }

            entries.Add((key, ReadNode(Next(), depth + 1)));
        }

        return new(start.Start.Line, start.Start.Column, entries);
    }

    /// <summary>Text for a message: one short line.</summary>
    public static string Shorten(string text)
    {
        var line = text.Replace('\n', ' ').Replace('\r', ' ');
        return line.Length <= 60 ? line : string.Concat(line.AsSpan(0, 57), "...");
    }

    private ScenarioException Error(ParsingEvent at, string message) =>
        new(file, Math.Max(1, at.Start.Line), Math.Max(1, at.Start.Column), message);
}
