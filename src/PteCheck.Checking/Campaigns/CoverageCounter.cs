using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Campaigns;

/// <summary>
/// Counts what the cases of one worker covered. Batches are counted in every case; the cells, which
/// need a look at the entries around each batch, in one case of <see cref="DetailEvery"/>.
/// </summary>
public sealed class CoverageCounter
{
    /// <summary>One case in so many is looked at in detail.</summary>
    public const int DetailEvery = 8;

    private readonly long[] cells = new long[CoverageCells.Names.Count];
    private long batches;
    private int longest;
    private long interleaved;
    private long sequences;

    /// <summary>Takes the case that the worker has just evaluated into account.</summary>
    public void Count<TArch>(CaseWorker<TArch> worker, Scenario scenario, bool detailed)
        where TArch : struct, IArch
    {
        batches += worker.Batches;
        longest = Math.Max(longest, worker.LongestBatch);
        sequences += scenario.IsSequence ? 1 : 0;
        var others = IsInterleaved(worker, scenario);
        interleaved += others ? 1 : 0;

        // A cell says what stood in the entries at the beginning, which others may have changed since.
        if (detailed && !others && worker.EndsWithTested)
        {
            CoverageCells.Count<TArch>(
                worker.InitialMachine,
                worker.CandidateTrace,
                worker.Call,
                scenario,
                worker.Element,
                cells
            );
        }
    }

    private static bool IsInterleaved<TArch>(CaseWorker<TArch> worker, Scenario scenario)
        where TArch : struct, IArch
    {
        var reached = false;
        for (var step = 0; step < scenario.StepCount; step++)
        {
            reached |= worker.Reached(step);
        }

        return reached;
    }

    /// <summary>Adds what another worker counted.</summary>
    public void Add(CoverageCounter other)
    {
        batches += other.batches;
        longest = Math.Max(longest, other.longest);
        interleaved += other.interleaved;
        sequences += other.sequences;
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] += other.cells[i];
        }
    }

    /// <summary>The counts under their names; cells that were not hit are listed with 0.</summary>
    public Coverage Result(IOperation operation)
    {
        var named = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var beside = new List<string>();
        for (var i = 0; i < cells.Length; i++)
        {
            var name = CoverageCells.Names[i];
            if (!CellMembership.Includes(name, operation))
            {
                continue;
            }

            named[name] = cells[i];
            if (
                cells[i] > 0
                && name.StartsWith(CoverageCells.BesidePrefix, StringComparison.Ordinal)
            )
            {
                beside.Add(name[CoverageCells.BesidePrefix.Length..]);
            }
        }

        return new()
        {
            Batches = batches,
            LongestBatch = longest,
            Interleaved = interleaved,
            Sequences = sequences,
            KindsBesideABatch = beside,
            Cells = named,
        };
    }
}
