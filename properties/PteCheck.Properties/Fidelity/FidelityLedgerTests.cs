using System.Text.RegularExpressions;
using PteCheck.Properties.Regressions;

namespace PteCheck.Properties.Fidelity;

/// <summary>The fidelity ledger has a row for every kernel function that the model names, and no other row.</summary>
public sealed partial class FidelityLedgerTests
{
    private static readonly string[] Projects = ["src/PteCheck.Model", "src/PteCheck.Kernel"];

    private static readonly HashSet<string> Verdicts = new(StringComparer.Ordinal)
    {
        "faithful",
        "simplified",
        "stubbed",
    };

    /// <summary>Kernel names that look like functions and are types, fields, locks or tunables.</summary>
    private static readonly HashSet<string> NotFunctions = new(StringComparer.Ordinal)
    {
        "anon_vma",
        "collapse_control",
        "compound_pagelist",
        "delayed_rmap",
        "even_cows",
        "flush_required",
        "force_flush",
        "i_mmap_rwsem",
        "lock_dropped",
        "max_ptes_none",
        "max_ptes_shared",
        "max_ptes_swap",
        "mm_struct",
        "mmap_lock",
        "mmu_gather",
        "mthp_present_ptes",
        "pagetable_move_control",
        "nr_ptes",
        "pmd_t",
        "pte_t",
        "scan_result",
        "tlb_single_page_flush_ceiling",
        "tlb_ubc",
        "tlbflush_unmap_batch",
        "vm_fault",
        "vm_flags",
        "vm_page_prot",
    };

    [Fact]
    public void EveryKernelFunctionThatIsNamedHasARow()
    {
        var without = Named()
            .Except(Rows().SelectMany(row => row.Functions), StringComparer.Ordinal);

        Assert.Empty(without);
    }

    [Fact]
    public void EveryRowNamesFunctionsThatAreNamedInTheSources()
    {
        var unnamed = Rows()
            .SelectMany(row => row.Functions)
            .Except(Named(), StringComparer.Ordinal);

        Assert.Empty(unnamed);
    }

    [Fact]
    public void NoFunctionHasTwoRows() =>
        Assert.Empty(
            Rows()
                .SelectMany(row => row.Functions)
                .GroupBy(function => function, StringComparer.Ordinal)
                .Where(group => group.Count() > 1)
                .Select(group => group.Key)
        );

    [Fact]
    public void EveryRowHasFiveCellsAndAVerdict() =>
        Assert.Empty(
            Rows()
                .Where(row =>
                    row.Cells.Count != 5
                    || row.Cells.Any(cell => cell.Length == 0)
                    || !Verdicts.Contains(row.Cells[2].Split(' ', ',', ';')[0])
                )
                .Select(row => row.Cells[0])
        );

    private static List<(string[] Functions, List<string> Cells)> Rows()
    {
        var rows = new List<(string[], List<string>)>();
        var ledger = Path.Combine(RegressionFiles.Root, "src", "PteCheck.Model", "FIDELITY.md");
        foreach (var line in File.ReadLines(ledger))
        {
            if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                var cells = line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToList();
                string[] functions =
                [
                    .. CodeWord().Matches(cells[0]).Select(match => match.Groups["name"].Value),
                ];
                rows.Add((functions, cells));
            }
        }

        return rows;
    }

    private static SortedSet<string> Named()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in Projects.SelectMany(Sources))
        {
            foreach (var line in File.ReadLines(file))
            {
                var comment = line.IndexOf("//", StringComparison.Ordinal);
                var text = comment < 0 ? "" : line[comment..];
                var strings = TextLiteral().Matches(line).Select(match => match.Value);
                foreach (
                    Match match in KernelName().Matches(text + " " + string.Join(' ', strings))
                )
                {
                    names.Add(match.Value);
                }
            }
        }

        names.ExceptWith(NotFunctions);
        return names;
    }

    /// <summary>The sources of a project, without what the compiler makes of them.</summary>
    private static IEnumerable<string> Sources(string project) =>
        Directory
            .EnumerateDirectories(Path.Combine(RegressionFiles.Root, project))
            .Where(folder => Path.GetFileName(folder) is not ("bin" or "obj"))
            .SelectMany(folder =>
                Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            )
            .Order(StringComparer.Ordinal);

    /// <summary>Small words joined by underscores, not part of a path, a field access or a pattern with an asterisk.</summary>
    [GeneratedRegex(
        @"(?<![\w/.~#*-])(?<!->)_{0,2}[a-z0-9]+(?:_[a-z0-9]+)+(?![\w*]|-\w|\.[chr]\b|/|=)",
        RegexOptions.None,
        1000
    )]
    private static partial Regex KernelName();

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.None, 1000)]
    private static partial Regex TextLiteral();

    [GeneratedRegex("`(?<name>\\w+)`", RegexOptions.None, 1000)]
    private static partial Regex CodeWord();
}
