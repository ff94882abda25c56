using System.Globalization;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads the small languages inside scalars, such as <c>A[2] WDY</c>, word by word.</summary>
internal sealed class TextCursor(FileScope scope, YamlScalar scalar)
{
    private readonly string text = scalar.Text;

    /// <summary>Characters read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Whether nothing but spaces is left.</summary>
    public bool AtEnd
    {
        get
        {
            SkipSpaces();
            return Position == text.Length;
        }
    }

    /// <summary>The error of the present place.</summary>
    public ScenarioException Error(string message) => scope.Error(scalar, Position, message);

    /// <summary>The error of a place read before.</summary>
    public ScenarioException Error(int position, string message) =>
        scope.Error(scalar, position, message);

    /// <summary>Takes <paramref name="expected"/> if it comes next.</summary>
    public bool Take(string expected)
    {
        if (string.CompareOrdinal(text, Position, expected, 0, expected.Length) != 0)
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>Takes <paramref name="expected"/> if it comes next and ends there.</summary>
    public bool TakeWords(string expected)
    {
        var start = Position;
        if (Take(expected) && (Position == text.Length || char.IsWhiteSpace(text[Position])))
        {
            return true;
        }

        Position = start;
        return false;
    }

    /// <summary>Takes <paramref name="expected"/> or complains.</summary>
    public void Expect(string expected)
    {
        if (!Take(expected))
        {
            throw Error($"expected '{expected}'");
        }
    }

    /// <summary>The next name: letters, digits, <c>-</c> and <c>_</c>; empty when none comes.</summary>
    public string Name()
    {
        SkipSpaces();
        var start = Position;
        while (
            Position < text.Length
            && (char.IsAsciiLetterOrDigit(text[Position]) || text[Position] is '-' or '_')
        )
        {
            Position++;
        }

        return text[start..Position];
    }

    /// <summary>The next run of characters without a space.</summary>
    public string Word()
    {
        SkipSpaces();
        var start = Position;
        while (Position < text.Length && !char.IsWhiteSpace(text[Position]))
        {
            Position++;
        }

        return text[start..Position];
    }

    /// <summary>A number.</summary>
    public int Number(string what, int least, int most)
    {
        var start = Position;
        while (Position < text.Length && char.IsAsciiDigit(text[Position]))
        {
            Position++;
        }

        var digits = text.AsSpan(start, Position - start);
        if (
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= least
            && value <= most
        )
        {
            return value;
        }

        throw Error(
            start,
            string.Create(
                CultureInfo.InvariantCulture,
                $"expected {what}, a number from {least} to {most}"
            )
        );
    }

    /// <summary><c>3</c> or <c>3..5</c>, the last one included.</summary>
    public (int First, int Count) Range(string what, int least, int most)
    {
        var first = Number(what, least, most);
        return Take("..")
            ? (first, Number($"the last {what}", first, most) - first + 1)
            : (first, 1);
    }

    /// <summary>Complains about what is left.</summary>
    public void End(string expected)
    {
        if (!AtEnd)
        {
            throw Error($"'{YamlTree.Shorten(text[Position..])}' too much; expected {expected}");
        }
    }

    /// <summary>Skips spaces.</summary>
    public void SkipSpaces()
    {
        while (Position < text.Length && char.IsWhiteSpace(text[Position]))
        {
            Position++;
        }
    }
}
