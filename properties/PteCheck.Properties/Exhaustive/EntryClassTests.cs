using PteCheck.Checking.Exhaustive;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Exhaustive;

/// <summary>The classes are the right ones: members of a class get the same verdicts, and no two classes do everywhere.</summary>
public sealed class EntryClassTests
{
    /// <summary>All, but for the one decision that is about young itself.</summary>
    private static readonly string[] Names =
    [
        "per-pte",
        "batched",
        "bounded",
        "as-posted-v4",
        .. LazyfreeDecisions
            .All.Where(decision =>
                decision.Kind == DecisionKind.Fault
                && decision != LazyfreeDecisions.MergeDropsYoungDirty
            )
            .Select(decision => $"batched~merge-keeps-soft-dirty~{decision.Name}"),
    ];

    public static TheoryData<Architecture> Architectures => [Architecture.X86, Architecture.Arm64];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void MembersOfAClassGetTheSameVerdict(Architecture architecture)
    {
        var workers = Workers(architecture);
        var scenario = new Scenario();
        var compared = 0;
        var numbers = LazyfreeScopes.Sequential.Numbers(architecture);
        for (var number = 0L; number < numbers; number += numbers / 2000)
        {
            if (
                !LazyfreeScopes.Sequential.Fill(scenario, architecture, number)
                || Reachability.FirstBroken(scenario) is not null
            )
            {
                continue;
            }

            var armed = (scenario.Vmas[0].Flags & VmaFlags.UffdWp) != 0;
            var classes = armed ? LazyfreeClasses.Armed : LazyfreeClasses.Plain(architecture);
            foreach (var changed in WithOtherMembers(scenario, classes))
            {
                if (Reachability.FirstBroken(changed) is not null)
                {
                    continue;
                }

                foreach (var worker in workers)
                {
                    Assert.Equal(VerdictOf(worker, scenario), VerdictOf(worker, changed));
                    compared++;
                }
            }
        }

        Assert.True(compared > 10_000);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EveryTwoClassesAreToldApartSomewhere(Architecture architecture)
    {
        var workers = Workers(architecture);
        var classes = LazyfreeClasses.Plain(architecture);
        for (var first = 0; first < classes.Count; first++)
        {
            for (var second = 0; second < first; second++)
            {
                Assert.True(
                    AreToldApart(workers, architecture, classes, first, second),
                    $"{classes[first]} and {classes[second]}"
                );
            }
        }
    }

    private static List<ICaseWorker> Workers(Architecture architecture) =>
        [
            .. Names.Select(name =>
                CampaignLab.Worker(
                    CampaignLab.Named(name, LazyfreeOperation.Instance),
                    architecture
                )
            ),
        ];

    /// <summary>The scenario with one entry after the other replaced by each further member of its class.</summary>
    private static IEnumerable<Scenario> WithOtherMembers(
        Scenario scenario,
        IReadOnlyList<EntryClass> classes
    )
    {
        for (var page = 0; page < scenario.Vmas[0].Pages; page++)
        {
            var (kind, bits) = scenario.PteAt(0, page) is { } pte
                ? (pte.Kind, pte.Bits)
                : (EntryKind.None, PteBits.None);
            foreach (
                var member in classes.First(one => one.Kind == kind && one.Bits == bits).Others
            )
            {
                yield return With(scenario, page, member);
            }
        }
    }

    private static Scenario With(Scenario scenario, int page, EntryMember member)
    {
        var changed = scenario.Clone();
        var all = changed.UsedPtes.ToArray().ToList();
        var index = all.FindIndex(pte => pte.Page >= page);
        index = index < 0 ? all.Count : index;
        if (index == all.Count || all[index].Page != page)
        {
            all.Insert(index, new() { Page = (short)page });
        }

        var marker = member.Kind == EntryKind.Marker;
        all[index] = all[index] with
        {
            Kind = member.Kind,
            Bits = member.Bits,
            Markers = marker ? PteMarkers.Guard : PteMarkers.None,
        };
        changed.PteCount = all.Count;
        all.CopyTo(changed.Ptes);
        return changed;
    }

    /// <summary>Whether some implementation does something else, where one entry of two is of the one class or of the other.</summary>
    private static bool AreToldApart(
        List<ICaseWorker> workers,
        Architecture architecture,
        IReadOnlyList<EntryClass> classes,
        int first,
        int second
    )
    {
        Scenario left = new(),
            right = new();
        foreach (var flags in (VmaFlags[])[VmaFlags.None, VmaFlags.Droppable])
        {
            var scope = new LazyfreeScope(
                "pair",
                "two entries",
                interleaved: false,
                [new(10, 0, 0, 2)],
                new LazyfreeVma(flags, _ => classes)
            );
            for (var rest = 0L; rest < 16 * classes.Count; rest++)
            {
                var (settings, other) = (rest % 16, rest / 16);
                var pair = other * classes.Count;
                if (
                    IsState(scope, left, architecture, settings + (16 * (pair + first)))
                    && IsState(scope, right, architecture, settings + (16 * (pair + second)))
                    && workers.Exists(worker => Observed(worker, left) != Observed(worker, right))
                )
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsState(
        ExhaustiveScope scope,
        Scenario scenario,
        Architecture architecture,
        long number
    ) => scope.Fill(scenario, architecture, number) && Reachability.FirstBroken(scenario) is null;

    private static string? VerdictOf(ICaseWorker worker, Scenario scenario)
    {
        worker.Evaluate(scenario);
        return worker.Candidate.Primary?.Rule.Id;
    }

    /// <summary>What happened, without the words of the entries themselves.</summary>
    private static (Rule?, int, int, FolioFlags, int, bool) Observed(
        ICaseWorker worker,
        Scenario scenario
    )
    {
        worker.Evaluate(scenario);
        ref readonly var folio = ref worker.CandidateMachine.Folios[0];
        return (
            worker.Candidate.Primary?.Rule,
            worker.CandidateTrace.Batches,
            worker.CandidateTrace.Count,
            folio.Flags,
            folio.Mapcount,
            worker.CandidateMachine.TlbUbc.FlushRequired
        );
    }
}
