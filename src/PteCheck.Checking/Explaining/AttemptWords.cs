using System.Globalization;
using System.Text;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Explaining;

/// <summary>Attempts on windows, and the results of scans, in words.</summary>
public static class AttemptWords
{
    private const int MostListed = 4;

    /// <summary>The kernel's name of a result: <c>SCAN_SUCCEED</c>.</summary>
    public static string NameOf(ScanResult result)
    {
        var name = new StringBuilder("SCAN");
        foreach (var letter in result.ToString())
        {
            if (char.IsAsciiLetterUpper(letter))
            {
                name.Append('_');
            }

            name.Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }

    /// <summary>A window that a finding has packed: <c>a+0..7</c>.</summary>
    public static string Window(ulong packed, Machine machine, Scenario scenario)
    {
        var run = scenario.Run;
        ref readonly var vma = ref machine.Vmas[run.Vma];
        var vpn = vma.Start + (uint)run.First + (uint)(packed >> 16);
        return StepWords.Pages(vma.Mm, vpn, (int)(packed & 0xffff), machine, scenario);
    }

    /// <summary><c>tries a+0..15 SCAN_PAGE_COUNT, a+0..7 SCAN_SUCCEED</c>, of a long list the beginning.</summary>
    public static string List(Trace trace, Machine machine, Scenario scenario)
    {
        var attempts = trace.Calls(Primitive.CollapseHugePage);
        if (attempts == 0)
        {
            return $"tries nothing, {Ends(trace)}";
        }

        var words = new List<string>();
        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.CollapseHugePage && words.Count < MostListed)
            {
                var window = ((ulong)e.Slot << 16) | (ushort)e.Nr;
                words.Add($"{Window(window, machine, scenario)} {NameOf((ScanResult)e.A)}");
            }
        }

        var more = attempts - words.Count;
        var rest = more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more") : "";
        return $"tries {string.Join(", ", words)}{rest}";
    }

    private static string Ends(Trace trace)
    {
        foreach (ref readonly var e in trace.Events)
        {
            if (e.Op == Primitive.CollapseScan)
            {
                return NameOf((ScanResult)e.A);
            }
        }

        return "no scan ends";
    }
}
