using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Reports;

namespace PteCheck.Cli.Running;

/// <summary>Runs one campaign after the other: each implementation on each architecture.</summary>
public sealed class CampaignSeries(Session session)
{
    /// <summary>All results, in the order of the settings; fewer when interrupted.</summary>
    /// <param name="settings">What to judge.</param>
    /// <param name="report">Told of each result as soon as it is there.</param>
    public IReadOnlyList<CampaignResult> Run(
        CampaignSettings settings,
        Action<CampaignResult> report
    )
    {
        var results = new List<CampaignResult>();
        var count = settings.Implementations.Count * settings.Architectures.Count;
        foreach (var implementation in settings.Implementations)
        {
            foreach (var architecture in settings.Architectures)
            {
                if (session.Cancel.IsCancellationRequested)
                {
                    return results;
                }

                var result = session.Mark(Run(settings, implementation, architecture, count));
                results.Add(result);
                report(result);
            }
        }

        return results;
    }

    private CampaignResult Run(
        CampaignSettings settings,
        Implementation implementation,
        Architecture architecture,
        int count
    )
    {
        using var progress = session.ShowProgress ? new ProgressLine(session.Error) : null;
        var clock = Stopwatch.StartNew();
        var result = session.Engine.Run(
            new()
            {
                Operation =
                    OperationCatalog.Find(implementation.Operation)
                    ?? throw new InvalidOperationException(
                        $"{implementation.FullName} belongs to no operation"
                    ),
                Implementation = implementation,
                Architecture = architecture,
                Kernel = settings.Kernel,
                ShadowStack = settings.ShadowStack,
                Bbml2 = settings.Bbml2,
                Interference = settings.Interference,
                Sequences = settings.Sequences,
                Seed = settings.Seed,
                Cases = settings.Cases,
                Time = settings.Time / count,
                Jobs = settings.Jobs,
                Shard = settings.Shard,
                Progress = progress,
            },
            session.Cancel
        );
        session.Log.LogDebug(
            "{Subject}: {Cases} cases in {Seconds:F1} s",
            result.Subject(),
            result.Cases,
            clock.Elapsed.TotalSeconds
        );
        return result;
    }
}
