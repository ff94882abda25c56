using System.Diagnostics;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Campaigns;

/// <summary>One thread of a campaign, with machines of its own.</summary>
internal abstract class CampaignWorker
{
    /// <summary>One case in so many is followed by both TLB models.</summary>
    public const int CrossCheckEvery = 64;

    /// <summary>How often the two are compared in such a case, beside the end; tests compare them at every invalidation.</summary>
    public const int CrossCheckComparisons = 6;

    /// <summary>First case of each signature that this worker met.</summary>
    public Dictionary<SignatureKey, Sighting> Sightings { get; } = [];

    /// <summary>First case in which the reference is at fault; null when there is none.</summary>
    public Sighting? ReferenceFault { get; protected set; }

    /// <summary>A subject broke a rule in a case in which upstream's own code does not break it just so.</summary>
    public bool HasOwnFindings { get; protected set; }

    /// <summary>Cases judged.</summary>
    public long Cases { get; protected set; }

    /// <summary>A subject did not end in time: its cases are too dear to go on.</summary>
    public bool IsHung => Sightings.Keys.Any(key => key.RuleId == Rules.SubjectTimeOut.Id);

    /// <summary>What was covered.</summary>
    public CoverageCounter Coverage { get; } = new();

    /// <summary>Judges the cases of a block up to <paramref name="limit"/> cases.</summary>
    public abstract void RunBlock(long block, int limit, CancellationToken cancel);

    /// <summary>A worker for the campaign's architecture.</summary>
    public static CampaignWorker Create(CampaignOptions options, Stopwatch clock) =>
        options.Architecture == Architecture.X86
            ? new CampaignWorker<X86_64>(options, clock)
            : new CampaignWorker<Arm64>(options, clock);
}

/// <summary>The worker of one architecture.</summary>
internal sealed class CampaignWorker<TArch>(CampaignOptions options, Stopwatch clock)
    : CampaignWorker
    where TArch : struct, IArch
{
    private readonly Scenario scenario = new();
    private readonly ScenarioGenerator generator = new();
    private readonly CaseWorker<TArch> worker = new(
        options.Operation,
        options.Implementation,
        options.EffectiveKernel
    );

    /// <summary>What upstream does in cases in which a subject breaks a rule.</summary>
    private readonly CaseWorker<TArch>? upstream = options.Implementation.Subject is not null
        ? new(options.Operation, options.Operation.Upstream(), options.EffectiveKernel)
        : null;

    /// <summary>Cases of a subject that have been generated once and are to be run together.</summary>
    private readonly List<QueuedCase> queued = [];

    /// <inheritdoc/>
    public override void RunBlock(long block, int limit, CancellationToken cancel)
    {
        CaseBlock.Visit(
            options.Seed,
            block,
            (test, draw) =>
            {
                var first = test * CaseBlock.CasesPerTest;
                var end = Math.Min(first + CaseBlock.CasesPerTest, limit);
                for (var i = first; i < end && !cancel.IsCancellationRequested; i++)
                {
                    var next = new QueuedCase(
                        (block * CaseBlock.Cases) + i,
                        CaseBlock.SeedOf(draw, i - first),
                        draw.Size
                    );
                    RunOrQueue(next, cancel);
                }

                return !cancel.IsCancellationRequested && !IsHung;
            }
        );
        RunQueued(cancel);
    }

    private void RunOrQueue(in QueuedCase next, CancellationToken cancel)
    {
        if (options.Implementation.Subject is not { } subject)
        {
            RunCase(next);
            return;
        }

        generator.Fill(scenario, options.Generator, next.Seed, next.Size);
        var beginsWithIt = worker.BeginsWithTested(scenario);
        if (beginsWithIt && !worker.Queue(scenario, subject))
        {
            RunQueued(cancel);
            generator.Fill(scenario, options.Generator, next.Seed, next.Size);
            worker.Queue(scenario, subject);
        }

        queued.Add(next with { IsHandedOver = beginsWithIt });
    }

    /// <summary>Lets the subject run in all cases queued, and judges them.</summary>
    private void RunQueued(CancellationToken cancel)
    {
        worker.HandOver();
        foreach (var next in queued)
        {
            if (cancel.IsCancellationRequested || IsHung)
            {
                break;
            }

            if (next.IsHandedOver)
            {
                worker.TakeQueued();
            }

            RunCase(next);
        }

        queued.Clear();
    }

    /// <summary>A case, and whether the subject has run in it; it has not where another operation comes first.</summary>
    private readonly record struct QueuedCase(
        long Number,
        ulong Seed,
        int Size,
        bool IsHandedOver = false
    );

    private void RunCase(in QueuedCase next)
    {
        var number = next.Number;
        generator.Fill(scenario, options.Generator, next.Seed, next.Size);
        Evaluate(number);
        Cases++;
        Coverage.Count(worker, scenario, detailed: number % CoverageCounter.DetailEvery == 0);
        if (worker.Reference.Primary is { } fault)
        {
            if (ReferenceFault is null || number < ReferenceFault.Case)
            {
                ReferenceFault = See(fault, number, ofReference: true);
            }

            return;
        }

        if (PrimaryWithoutSteps() is not { } finding)
        {
            return;
        }

        HasOwnFindings = HasOwnFindings || (upstream is not null && !IsUpstreams(finding));
        if (!Sightings.TryGetValue(SignatureKey.Of(finding), out var known) || number < known.Case)
        {
            Sightings[SignatureKey.Of(finding)] = See(finding, number, ofReference: false);
        }
    }

    /// <summary>Whether upstream's own code breaks the same rule at the same place in the same way.</summary>
    private bool IsUpstreams(in Finding finding)
    {
        upstream!.Evaluate(scenario);
        return upstream.Candidate.Primary is { } same
            && same with { Step = finding.Step } == finding;
    }

    private void Evaluate(long number)
    {
        try
        {
            if (number % CrossCheckEvery == 0)
            {
                worker.EvaluateWithBothTlbs(scenario, CrossCheckComparisons);
            }
            else
            {
                worker.Evaluate(scenario);
            }
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            throw new CaseFailedException(number, scenario, failed);
        }
    }

    /// <summary>
    /// What the candidate breaks. Where it breaks the same without the steps of others, they have no part in
    /// it: the case goes on without them, and all oracles judge it.
    /// </summary>
    private Finding? PrimaryWithoutSteps()
    {
        if (worker.Candidate.Primary is not { } finding || scenario.StepCount == 0)
        {
            return worker.Candidate.Primary;
        }

        var steps = scenario.StepCount;
        scenario.StepCount = 0;
        worker.Evaluate(scenario);
        foreach (ref readonly var alone in worker.Candidate.All)
        {
            if (SignatureKey.Of(alone) == SignatureKey.Of(finding) && worker.Reference.Count == 0)
            {
                return worker.Candidate.Primary;
            }
        }

        scenario.StepCount = steps;
        return finding;
    }

    private Sighting See(in Finding finding, long number, bool ofReference) =>
        new(
            SignatureKey.Of(finding),
            number,
            scenario.Clone(),
            clock.Elapsed.TotalSeconds,
            ofReference
        );
}
