using System.Diagnostics;
using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Exhaustive;

/// <summary>Judges a scope to the last state, and certifies how many there were.</summary>
public static class Exhaustion
{
    /// <summary>Numbers that a thread takes at a time.</summary>
    private const int BlockNumbers = 64;

    /// <summary>Searches the scope. The result depends on the options alone, not on threads, timing fields aside.</summary>
    /// <param name="options">What to judge.</param>
    /// <param name="cancel">Ends the search early; the result then holds what was found so far and is not complete.</param>
    public static ExhaustResult Run(ExhaustOptions options, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var numbers = new NumberQueue(
            options.Scope.Numbers(options.Architecture),
            BlockNumbers,
            options.StopAtFirst
        );
        var workers = new ExhaustWorker[Math.Max(1, options.Jobs)];
        var threads = new Task[workers.Length];
        for (var i = 0; i < workers.Length; i++)
        {
            var index = i;
            threads[i] = Task.Factory.StartNew(
                () =>
                {
                    workers[index] = ExhaustWorker.Create(options, clock);
                    Work(workers[index], numbers, options, cancel);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        }

        Task.WaitAll(threads, CancellationToken.None);
        return Summarize(options, workers, numbers, clock, cancel.IsCancellationRequested);
    }

    private static void Work(
        ExhaustWorker worker,
        NumberQueue numbers,
        ExhaustOptions options,
        CancellationToken cancel
    )
    {
        while (!cancel.IsCancellationRequested && numbers.TryTake(out var first, out var end))
        {
            for (var i = first; i < end && !cancel.IsCancellationRequested; i++)
            {
                if (numbers.IsWanted(i))
                {
                    worker.Judge(i);
                    numbers.NoteViolation(worker.Lowest);
                }
            }

            options.Progress?.Report(
                new(
                    $"{options.Implementation.FullName} on {options.Architecture.Name()}, {options.Scope.Name}",
                    end,
                    numbers.All,
                    worker.Sightings.Count
                )
            );
        }
    }

    private static ExhaustResult Summarize(
        ExhaustOptions options,
        ExhaustWorker[] workers,
        NumberQueue numbers,
        Stopwatch clock,
        bool interrupted
    )
    {
        var seconds = clock.Elapsed.TotalSeconds;
        var coverage = new CoverageCounter();
        var counts = default(ExhaustCounts);
        foreach (var worker in workers)
        {
            coverage.Add(worker.Coverage);
            foreach (var (number, some) in worker.Counts)
            {
                counts += numbers.IsWanted(number) ? some : default;
            }
        }

        var complete = !interrupted && !numbers.Stopped;
        var result = new CampaignResult
        {
            Operation = options.Scope.Operation,
            Implementation = options.Implementation,
            Architecture = options.Architecture,
            Kernel = options.Implementation.Kernel,
            Verdict = VerdictKind.Holds,
            Reason = ExhaustResult.TextOf(options.Scope, counts, complete),
            Cases = counts.InitialStates + counts.Interleavings,
            Complete = complete,
            Coverage = numbers.Stopped ? new() : coverage.Result(options.Scope.Operation),
            Seconds = seconds,
            Interrupted = interrupted,
        };
        return new(options.Scope, Judge(options, workers, numbers, result), counts);
    }

    private static CampaignResult Judge(
        ExhaustOptions options,
        ExhaustWorker[] workers,
        NumberQueue numbers,
        CampaignResult result
    )
    {
        var campaign = new CampaignOptions
        {
            Operation = options.Scope.Operation,
            Implementation = options.Implementation,
            Architecture = options.Architecture,
        };
        var fault = workers
            .Select(worker => worker.ReferenceFault)
            .OfType<Sighting>()
            .Where(sighting => numbers.IsWanted(sighting.Case))
            .MinBy(sighting => sighting.Case);
        if (fault is not null)
        {
            return result with
            {
                Verdict = VerdictKind.ReferenceViolated,
                Reason = $"the reference itself breaks {fault.Key.RuleId}",
                Violations = [ViolationBuilder.OfReference(campaign, fault)],
            };
        }

        var violations = FirstOfEach(workers, numbers)
            .Select(sighting => ViolationBuilder.Build(campaign, sighting))
            .ToList();
        if (violations.Count > 0)
        {
            return result with { Verdict = VerdictKind.Violated, Violations = violations };
        }

        return result.Coverage.Batches > 0 || options.Implementation.IsReference
            ? result
            : result with
            {
                Verdict = VerdictKind.NotApplicable,
                Reason = "it never batches in this scope",
            };
    }

    private static IEnumerable<Sighting> FirstOfEach(
        ExhaustWorker[] workers,
        NumberQueue numbers
    ) =>
        workers
            .SelectMany(worker => worker.Sightings.Values)
            .Where(sighting => numbers.IsWanted(sighting.Case))
            .GroupBy(sighting => sighting.Key)
            .Select(group => group.MinBy(sighting => sighting.Case)!)
            .OrderBy(sighting => sighting.Key.RuleId, StringComparer.Ordinal)
            .ThenBy(sighting => sighting.Key.Role);
}
