using System.Diagnostics;
using PteCheck.Checking.Campaigns;
using PteCheck.Reports.Text;

namespace PteCheck.Cli.Running;

/// <summary>One line on a terminal that is written over and over, ten times a second at most, and wiped at the end.</summary>
public sealed class ProgressLine(TextWriter terminal) : IProgress<CampaignProgress>, IDisposable
{
    private const int Columns = 79;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Lock gate = new();
    private long lastWrite;
    private bool isShown;
    private bool isClosed;

    /// <inheritdoc/>
    public void Report(CampaignProgress value)
    {
        lock (gate)
        {
            if (isClosed || (isShown && Stopwatch.GetElapsedTime(lastWrite) < Pause))
            {
                return;
            }

            lastWrite = Stopwatch.GetTimestamp();
            isShown = true;
            var of = value.OfCases is { } all ? $" of {SummaryText.Number(all)}" : "";
            var found = value.Violations > 0 ? $", {value.Violations} violated" : "";
            var text = $"{value.Name}: {SummaryText.Number(value.Cases)}{of} cases{found}";
            text = text.Length > Columns ? text[..Columns] : text.PadRight(Columns);
            terminal.Write($"\r{text}");
            terminal.Flush();
        }
    }

    /// <summary>Wipes the line; later reports are not shown.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            if (isShown)
            {
                terminal.Write($"\r{new string(' ', Columns)}\r");
                terminal.Flush();
            }
        }
    }
}
