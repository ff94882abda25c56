using System.Globalization;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads values of one file and complains with file, line, column and what was expected.</summary>
internal sealed class FileScope(string file)
{
    private const int MostWords = 40;

    /// <summary>The error of a place.</summary>
    public ScenarioException Error(YamlNode at, string message) =>
        new(file, at.Line, at.Column, message);

    /// <summary>The error of a character within a text.</summary>
    public ScenarioException Error(YamlScalar at, int offset, string message) =>
        new(file, at.Line, at.Column + at.Quotes + offset, message);

    /// <summary>The node as a map with none but <paramref name="known"/> keys.</summary>
    public Dictionary<string, YamlNode> Fields(YamlNode node, string what, params string[] known)
    {
        var fields = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in Map(node, what).Entries)
        {
            if (!known.Contains(key.Text, StringComparer.Ordinal))
            {
                throw Error(key, Unknown("key", key.Text, known));
            }

            fields[key.Text] = value;
        }

        return fields;
    }

    /// <summary>The node as a map; an empty value is an empty map.</summary>
    public YamlMap Map(YamlNode node, string what) =>
        node switch
        {
            YamlMap map => map,
            YamlScalar { Text: "", Quotes: 0 } => new(node.Line, node.Column, []),
            _ => throw Error(node, $"expected {what}, a map of keys and values"),
        };

    /// <summary>The items of a list; an empty value is an empty list.</summary>
    public IReadOnlyList<YamlNode> Items(YamlNode node, string what) =>
        node switch
        {
            YamlList list => list.Items,
            YamlScalar { Text: "", Quotes: 0 } => [],
            _ => throw Error(node, $"expected {what}, a list"),
        };

    /// <summary>The node as text.</summary>
    public YamlScalar Scalar(YamlNode node, string what) =>
        node as YamlScalar ?? throw Error(node, $"expected {what}, not a list or map");

    /// <summary>A whole number, decimal or hexadecimal.</summary>
    public int Number(YamlNode node, string what, int least, int most) =>
        (int)Number(node, what, (ulong)least, (ulong)most);

    /// <summary>A whole number, decimal or hexadecimal.</summary>
    public ulong Number(YamlNode node, string what, ulong least, ulong most)
    {
        var text = Scalar(node, what).Text;
        if (TryNumber(text, out var value) && value >= least && value <= most)
        {
            return value;
        }

        throw Error(
            node,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{YamlTree.Shorten(text)}' for {what}; expected a number from {least} to {most}"
            )
        );
    }

    /// <summary>Reads digits or 0x and hexadecimal digits.</summary>
    public static bool TryNumber(string text, out ulong value) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(
                text.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out value
            )
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>true or false, on or off, yes or no.</summary>
    public bool Flag(YamlNode node, string what) =>
        Scalar(node, what).Text switch
        {
            "true" or "on" or "yes" => true,
            "false" or "off" or "no" => false,
            var text => throw Error(
                node,
                $"'{YamlTree.Shorten(text)}' for {what}; expected true or false"
            ),
        };

    /// <summary>One of several words.</summary>
    public T Choice<T>(YamlNode node, string what, params (string Name, T Value)[] choices)
    {
        var text = Scalar(node, what).Text;
        foreach (var (name, value) in choices)
        {
            if (name == text)
            {
                return value;
            }
        }

        throw Error(node, Unknown(what, text, [.. choices.Select(choice => choice.Name)]));
    }

    /// <summary>A name that may be used in entries: a letter, then letters, digits, <c>_</c> and <c>-</c>.</summary>
    public string Name(YamlScalar node, string what, params string[] reserved)
    {
        var text = node.Text;
        var good =
            text.Length is > 0 and <= 32
            && char.IsAsciiLetter(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        if (!good || reserved.Contains(text, StringComparer.Ordinal))
        {
            throw Error(
                node,
                $"'{YamlTree.Shorten(text)}' as name of {what}; expected a letter, then letters, digits, '-' or '_'"
                    + (good ? $", and not {string.Join(", ", reserved)}" : "")
            );
        }

        return text;
    }

    /// <summary>Says that a word is not known, what is, and which of them may have been meant.</summary>
    public static string Unknown(string what, string text, IReadOnlyList<string> known)
    {
        var nearest = known
            .Where(word => Distance(word, text) <= 2)
            .OrderBy(word => Distance(word, text))
            .FirstOrDefault();
        var hint = nearest is null ? "" : $"; did you mean '{nearest}'?";
        var more = known.Count > MostWords ? $" or one of {known.Count - MostWords} more" : "";
        var words = string.Join(", ", known.Take(MostWords));
        var list = known.Count == 0 ? "there are none" : $"expected {words}{more}";
        return $"unknown {what} '{YamlTree.Shorten(text)}'{hint}; {list}";
    }

    /// <summary>How many letters have to change to make one word of the other.</summary>
    private static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > 2)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
