using System.Globalization;
using System.Runtime.InteropServices;

namespace PteCheck.Benchmarks;

/// <summary>Prints figures under each other, each with its goal and whether it meets it; under 80 columns.</summary>
internal sealed class FigureTable(TextWriter output)
{
    private const int NameWidth = 42;
    private const int ValueWidth = 16;
    private const int GoalWidth = 11;
    private int figures;

    /// <summary>Figures that do not meet their goal.</summary>
    public int Missed { get; private set; }

    /// <summary>Prints the machine and the head of the table.</summary>
    public void Begin()
    {
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}; mremap and nobody beside it, where nothing else is said"
            )
        );
        Print("figure", "measured", "goal", "");
    }

    /// <summary>Prints a figure that should be at most <paramref name="goal"/>.</summary>
    public void AtMost(string name, double value, double goal, FigureFormat format) =>
        Judge(name, value <= goal, format.Text(value), "<= " + format.Text(goal));

    /// <summary>Prints a figure that should be at least <paramref name="goal"/>.</summary>
    public void AtLeast(string name, double value, double goal, FigureFormat format) =>
        Judge(name, value >= goal, format.Text(value), ">= " + format.Text(goal));

    /// <summary>Prints a number that explains the figures around it and has no goal.</summary>
    public void Detail(string name, double value, FigureFormat format) =>
        Print("  " + name, format.Text(value), "", "");

    /// <summary>Prints what the details below it are about.</summary>
    public void Head(string name) => Print(name, "", "", "");

    /// <summary>Prints how many figures meet their goals.</summary>
    public void End() =>
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{figures - Missed} of {figures} goals met, {Missed} missed"
            )
        );

    private void Judge(string name, bool met, string value, string goal)
    {
        figures++;
        Missed += met ? 0 : 1;
        Print(name, value, goal, met ? "met" : "missed");
    }

    private void Print(string name, string value, string goal, string verdict)
    {
        var line =
            name.PadRight(NameWidth)
            + value.PadLeft(ValueWidth)
            + "  "
            + goal.PadRight(GoalWidth)
            + " "
            + verdict;
        output.WriteLine(line.TrimEnd());
        output.Flush();
    }
}

/// <summary>Decimals and unit of a figure.</summary>
/// <param name="Decimals">Digits behind the point.</param>
/// <param name="Unit">What follows the number, with its space where there is one.</param>
internal readonly record struct FigureFormat(int Decimals, string Unit)
{
    /// <summary>A factor.</summary>
    public static readonly FigureFormat Ratio = new(2, "x");

    /// <summary>A number of something.</summary>
    public static FigureFormat Count(string unit = "") => new(0, unit);

    /// <summary>The number in words.</summary>
    public string Text(double value) =>
        value.ToString(
            "N" + Decimals.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        ) + Unit;
}
