using PteCheck.Reports.Text;
using Spectre.Console;

namespace PteCheck.Cli;

/// <summary>Writes the lines of a report, in colours where there is a terminal that wants them.</summary>
internal sealed class StyledWriter
{
    private readonly TextWriter writer;
    private readonly IAnsiConsole? console;

    /// <summary>Writes to a text writer.</summary>
    public StyledWriter(TextWriter writer, bool colour)
    {
        this.writer = writer;
        if (colour)
        {
            console = AnsiConsole.Create(
                new AnsiConsoleSettings
                {
                    Ansi = AnsiSupport.Yes,
                    ColorSystem = ColorSystemSupport.Standard,
                    Interactive = InteractionSupport.No,
                    Out = new AnsiConsoleOutput(writer),
                }
            );
            console.Profile.Width = 4096;
        }
    }

    /// <summary>Writes lines.</summary>
    public void Write(IReadOnlyList<TextLine> lines)
    {
        foreach (var line in lines)
        {
            if (console is null || StyleOf(line.Style) is not { } style)
            {
                writer.WriteLine(line.Text);
            }
            else
            {
                console.Write(new Text(line.Text, style));
                writer.WriteLine();
            }
        }
    }

    private static Style? StyleOf(LineStyle style) =>
        style switch
        {
            LineStyle.Title => new Style(Color.Red, decoration: Decoration.Bold),
            LineStyle.Mark => new Style(Color.Red),
            LineStyle.Cause => new Style(Color.Yellow),
            LineStyle.Scenario => new Style(Color.Teal),
            LineStyle.Command => new Style(decoration: Decoration.Bold),
            _ => null,
        };
}
