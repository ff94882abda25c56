namespace PteCheck.Reports.Text;

/// <summary>What a line of a report is, for those who colour or fence it.</summary>
public enum LineStyle
{
    /// <summary>Running text and blank lines.</summary>
    Plain,

    /// <summary>The title.</summary>
    Title,

    /// <summary>The page-table picture.</summary>
    Picture,

    /// <summary>Marks under the picture.</summary>
    Mark,

    /// <summary>The cause.</summary>
    Cause,

    /// <summary>The scenario's text.</summary>
    Scenario,

    /// <summary>A command to type.</summary>
    Command,
}

/// <summary>One line of a report.</summary>
/// <param name="Text">The line without its end.</param>
/// <param name="Style">What it is.</param>
public readonly record struct TextLine(string Text, LineStyle Style)
{
    /// <summary>An empty line.</summary>
    public static readonly TextLine Blank = new("", LineStyle.Plain);
}

/// <summary>Where a text goes, and the room that it has there.</summary>
/// <param name="Width">Columns.</param>
/// <param name="MaxLines">Lines of one violation.</param>
/// <param name="NamesFiles">The reader has the replayed files at hand.</param>
/// <param name="AlwaysSteps">Show the steps for every rule, not only for those about what happened on the way.</param>
public sealed record TextLayout(int Width, int MaxLines, bool NamesFiles, bool AlwaysSteps)
{
    /// <summary>A terminal: 80 columns.</summary>
    public static readonly TextLayout Terminal = new(80, 40, NamesFiles: true, AlwaysSteps: true);

    /// <summary>A mail: 72 columns; the scenario goes along, for the reader has no file.</summary>
    public static readonly TextLayout Mail = new(72, 25, NamesFiles: false, AlwaysSteps: false);

    /// <summary>A page: wide enough for all scenarios, and as long as it must be.</summary>
    public static readonly TextLayout Page = new(
        100,
        int.MaxValue,
        NamesFiles: false,
        AlwaysSteps: true
    );
}
