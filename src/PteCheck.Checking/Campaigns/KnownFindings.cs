using System.Globalization;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace PteCheck.Checking.Campaigns;

/// <summary>One entry of <c>regressions/found/known.yaml</c>.</summary>
public sealed record KnownFinding
{
    /// <summary>F and a number.</summary>
    public string Finding { get; init; } = "";

    /// <summary>The operation.</summary>
    public string Operation { get; init; } = "";

    /// <summary>The implementation, without the operation.</summary>
    public string Implementation { get; init; } = "";

    /// <summary>The architecture.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The primary rule.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The cause, one decision.</summary>
    public string Cause { get; init; } = "";

    /// <summary>Why it is known and not mended.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The last day on which it counts as known, <c>YYYY-MM-DD</c>.</summary>
    public string Expires { get; init; } = "";
}

/// <summary>Findings in upstream's own code that are known: shown every time, and no failure until they expire.</summary>
public sealed class KnownFindings
{
    private readonly IReadOnlyList<KnownFinding> findings;
    private readonly DateOnly today;

    private KnownFindings(IReadOnlyList<KnownFinding> findings, DateOnly today)
    {
        this.findings = findings;
        this.today = today;
    }

    /// <summary>None at all.</summary>
    public static KnownFindings None { get; } = new([], DateOnly.MinValue);

    /// <summary>Reads the file; a missing one means that nothing is known.</summary>
    /// <exception cref="ScenarioException">The file is not a list of findings.</exception>
    public static KnownFindings Load(string yamlPath, DateOnly today)
    {
        if (!File.Exists(yamlPath))
        {
            return None;
        }

        try
        {
            var entries = new DeserializerBuilder()
                .WithNamingConvention(HyphenatedNamingConvention.Instance)
                .Build()
                .Deserialize<List<KnownFinding>?>(File.ReadAllText(yamlPath));
            return new(entries ?? [], today);
        }
        catch (YamlException e)
        {
            throw new ScenarioException(
                yamlPath,
                e.Start.Line,
                e.Start.Column,
                "expected a list of findings, each with finding, operation, implementation, architecture, rule, cause, reason and expires: "
                    + e.Message
            );
        }
    }

    /// <summary>
    /// The result with the numbers of known findings in its violations, and why they are known. Those of a subject
    /// count as known where it breaks nothing but what upstream's own code breaks, in the same scenarios in the same
    /// way: one violation more, and all of them are the subject's.
    /// </summary>
    public CampaignResult Mark(CampaignResult result)
    {
        var marked = result with
        {
            Violations = [.. result.Violations.Select(violation => Mark(result, violation))],
        };
        var isOwn =
            result.Implementation.Subject is not null
            && (
                result.HasOwnFindings || marked.Violations.Any(violation => violation.Known is null)
            );
        return isOwn ? result : marked;
    }

    private Violation Mark(CampaignResult result, Violation violation)
    {
        var name = result.Implementation.Name;
        var cause = violation.Cause;
        if (result.Implementation.Subject is not null)
        {
            if (SameByUpstream(result, violation) is not { } same)
            {
                return violation;
            }

            name = result.Operation.Upstream().Name;
            cause = same.Cause;
        }

        var known = findings.FirstOrDefault(finding =>
            IsAbout(finding, result, name, violation.Rule, cause)
        );
        return violation with { Known = known?.Finding, KnownReason = known?.Reason ?? "" };
    }

    /// <summary>What upstream's own code breaks in a subject's scenario, where it is the same; else null.</summary>
    private static Violation? SameByUpstream(CampaignResult result, Violation violation)
    {
        var same = ViolationBuilder.Describe(
            result.Operation,
            result.Operation.Upstream(),
            result.Kernel,
            violation.Scenario
        );
        return
            same is not null
            && same.Rule == violation.Rule
            && same.Where == violation.Where
            && same.Candidate == violation.Candidate
            ? same
            : null;
    }

    private bool IsAbout(
        KnownFinding finding,
        CampaignResult result,
        string implementation,
        Rule rule,
        IReadOnlyList<string> cause
    ) =>
        finding.Operation == result.Operation.Name
        && finding.Implementation == implementation
        && finding.Architecture == result.Architecture.Name()
        && finding.Rule == rule.Id
        && cause.Contains(finding.Cause, StringComparer.Ordinal)
        && DateOnly.TryParseExact(
            finding.Expires,
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var last
        )
        && today <= last;
}
