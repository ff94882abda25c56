using System.Diagnostics;
using System.Runtime.ExceptionServices;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Campaigns;

/// <summary>Generate, run, judge, minimize: the main job.</summary>
public static class Campaign
{
    /// <summary>
    /// Judges cases until they, the time or the patience is used up. The result depends on options
    /// alone, not on threads, timing fields aside.
    /// </summary>
    /// <param name="options">What to judge.</param>
    /// <param name="cancel">Ends the campaign early; the result then holds what was found so far.</param>
    public static CampaignResult Run(CampaignOptions options, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var workers = new CampaignWorker[Math.Max(1, options.Jobs)];
        var blocks = new BlockQueue(options);
        var threads = new Task[workers.Length];
        for (var i = 0; i < workers.Length; i++)
        {
            var index = i;
            threads[i] = Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        workers[index] = CampaignWorker.Create(options, clock);
                        Work(workers[index], blocks, clock, options, cancel);
                    }
                    catch
                    {
                        blocks.Close();
                        throw;
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }

        WaitFor(threads);
        var seconds = clock.Elapsed.TotalSeconds;
        return Summarize(options, workers, seconds, cancel.IsCancellationRequested);
    }

    /// <summary>Waits for all; what one of them threw goes on from here as it is.</summary>
    private static void WaitFor(Task[] threads)
    {
        try
        {
            Task.WaitAll(threads, CancellationToken.None);
        }
        catch (AggregateException failed)
        {
            ExceptionDispatchInfo.Throw(failed.InnerExceptions[0]);
        }
    }

    private static void Work(
        CampaignWorker worker,
        BlockQueue blocks,
        Stopwatch clock,
        CampaignOptions options,
        CancellationToken cancel
    )
    {
        while (
            !cancel.IsCancellationRequested && blocks.TryTake(clock, out var block, out var limit)
        )
        {
            worker.RunBlock(block, limit, cancel);
            if (worker.IsHung)
            {
                blocks.Close();
            }

            options.Progress?.Report(
                new(
                    $"{options.Implementation.FullName} on {options.Architecture.Name()}",
                    blocks.CasesTaken,
                    options.Cases,
                    worker.Sightings.Count
                )
            );
        }
    }

    private static CampaignResult Summarize(
        CampaignOptions options,
        CampaignWorker[] workers,
        double seconds,
        bool interrupted
    )
    {
        var coverage = new CoverageCounter();
        foreach (var worker in workers)
        {
            coverage.Add(worker.Coverage);
        }

        var result = new CampaignResult
        {
            Operation = options.Operation,
            Implementation = options.Implementation,
            Architecture = options.Architecture,
            Kernel = options.EffectiveKernel,
            Verdict = VerdictKind.Holds,
            Cases = workers.Sum(worker => worker.Cases),
            Seed = options.Seed,
            Interference = options.Interference,
            Sequences = options.Sequences,
            Coverage = coverage.Result(options.Operation),
            Seconds = seconds,
            Interrupted = interrupted,
            HasOwnFindings = workers.Any(worker => worker.HasOwnFindings),
        };
        var fault = workers
            .Select(worker => worker.ReferenceFault)
            .OfType<Sighting>()
            .MinBy(sighting => sighting.Case);
        if (fault is not null)
        {
            return result with
            {
                Verdict = VerdictKind.ReferenceViolated,
                Reason = $"the reference itself breaks {fault.Key.RuleId}",
                Violations = [ViolationBuilder.OfReference(options, fault)],
            };
        }

        var violations = WithoutEchoes([
            .. FirstOfEach(workers).Select(sighting => ViolationBuilder.Build(options, sighting)),
        ]);
        return violations.Count > 0
            ? result with
            {
                Verdict = VerdictKind.Violated,
                Violations = violations,
            }
            : Applicability.Of(result);
    }

    /// <summary>
    /// Leaves out invariants that break only under interference, where nothing is compared with the reference,
    /// by decisions that are at fault without it as well: the same seen twice, and less plainly.
    /// </summary>
    private static List<Violation> WithoutEchoes(List<Violation> all)
    {
        var alone = all.Where(violation => violation.InterferenceSteps == 0)
            .SelectMany(violation => violation.Cause)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. all.Where(violation =>
                violation.InterferenceSteps == 0
                || violation.Rule.Oracle != OracleKind.Invariants
                || !(
                    violation.Cause.Count == 0
                        ? BreaksAlone(all, violation.Rule)
                        : alone.IsSupersetOf(violation.Cause)
                )
            ),
        ];
    }

    /// <summary>Whether a rule is broken without interference as well, beside another: for subjects, which have no decisions to tell.</summary>
    private static bool BreaksAlone(List<Violation> all, Rule rule) =>
        all.Exists(violation =>
            violation.InterferenceSteps == 0
            && violation.AlsoBroken.Contains(rule.Id, StringComparer.Ordinal)
        );

    private static IEnumerable<Sighting> FirstOfEach(CampaignWorker[] workers) =>
        workers
            .SelectMany(worker => worker.Sightings.Values)
            .GroupBy(sighting => sighting.Key)
            .Select(group => group.MinBy(sighting => sighting.Case)!)
            .OrderBy(sighting => sighting.Key.RuleId, StringComparer.Ordinal)
            .ThenBy(sighting => sighting.Key.Role);
}
