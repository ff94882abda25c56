using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Explaining;
using PteCheck.Checking.Oracles;
using PteCheck.Reports.Explaining;

namespace PteCheck.Reports.Text;

/// <summary>
/// A violation in words and pictures, for terminal, mail and page alike: title, page-table strip,
/// rule, cause, steps, recipe, scenario, and the command that replays it.
/// </summary>
public sealed partial class ViolationText(IExplainer explainer, TextLayout layout)
{
    /// <summary>The lines; never more, nor longer, than the layout allows.</summary>
    public IReadOnlyList<TextLine> Build(CampaignResult result, Violation violation)
    {
        var explanation = explainer.Explain(result, violation);
        if (explanation.Interleaved.Lines.Count > 0)
        {
            return BuildInterleaved(result, violation, explanation);
        }

        var lines = new List<TextLine>();
        Add(lines, LineStyle.Title, Title(result, violation));
        AddAfterBlank(
            lines,
            StripPicture.Draw(
                explanation.Slots,
                result.Implementation.Name,
                violation.Place,
                layout.Width,
                result.Operation.Selects || result.Operation.CountsBatch
            )
        );
        var gap = lines.Count;
        lines.Add(TextLine.Blank);
        AddSentences(lines, result, violation);
        var wanted = StepsWanted(explanation, result, violation);
        var ending = Ending(result, violation, lines.Count, isCompact: false);
        if (Room() < wanted)
        {
            ending = Ending(result, violation, lines.Count, isCompact: true);
        }

        if (Room() < wanted && NamedFile(result) is { } file)
        {
            ending = Short(result, violation, file);
        }

        if (Room() < wanted)
        {
            lines.RemoveAt(gap);
        }

        AddIfRoom(lines, Room(), Steps(explanation, wanted, Room()));
        AddIfRoom(lines, Room(), Recipe(result, violation));
        lines.AddRange(ending);
        return lines;

        int Room() => layout.MaxLines - lines.Count - ending.Count;
    }

    private static string Title(CampaignResult result, Violation violation)
    {
        var state = violation.Scenario.Unreachable ? "unreachable state: " : "";
        var known = ReportNames.KnownPrefix(violation);
        var rule = violation.Rule;
        return $"{state}{result.Subject()}: {known}violated {rule.Id} {rule.Title} ({rule.Severity.Name()})";
    }

    private void AddSentences(
        List<TextLine> lines,
        CampaignResult result,
        Violation violation,
        bool withRule = true
    )
    {
        Add(lines, LineStyle.Plain, violation.Message);
        if (violation.Site is { } site)
        {
            Add(lines, LineStyle.Plain, $"in: {site}");
        }

        if (withRule)
        {
            Add(lines, LineStyle.Plain, $"rule: {violation.Rule.Sentence}");
        }

        Add(lines, LineStyle.Cause, CauseOf(result, violation));
        if (violation.AlsoBroken.Count > 0)
        {
            var others = violation.AlsoBroken.Select(id =>
                Rules.Find(id) is { } rule ? $"{id} {rule.Title}" : id
            );
            Add(lines, LineStyle.Plain, $"also broken: {string.Join(", ", others)}");
        }
    }

    private static string CauseOf(CampaignResult result, Violation violation)
    {
        if (result.Implementation.Subject is { } subject)
        {
            return $"cause: in {subject.File}";
        }

        if (violation.Cause.Count == 0)
        {
            return $"cause: not a decision of {result.Operation.Name}";
        }

        var mends = violation.Cause.Select(name =>
            result.Operation.Decisions.FirstOrDefault(known => known.Name == name)?.Mend ?? name
        );
        return $"cause: {string.Join(", ", violation.Cause)}  (mended by: {string.Join(", ", mends)})";
    }

    /// <summary>Lines for the steps, where the rule is about what happened or the layout always has them; else 0.</summary>
    private int StepsWanted(Explanation explanation, CampaignResult result, Violation violation)
    {
        var isAboutSteps =
            layout.AlwaysSteps
            || result.Operation.Selects
            || result.Operation.CountsBatch
            || violation.Rule.Oracle is OracleKind.Tlb or OracleKind.Contract or OracleKind.Bounds;
        return isAboutSteps && explanation.Steps.Count > 0
            ? 1 + Math.Min(StepWords.MaxSteps, explanation.Steps.Count)
            : 0;
    }

    /// <summary>The last steps, as many as there is room for.</summary>
    private List<TextLine> Steps(Explanation explanation, int wanted, int room)
    {
        var lines = new List<TextLine>();
        var count = Math.Min(wanted, room) - 1;
        if (count <= 0)
        {
            return lines;
        }

        Add(lines, LineStyle.Plain, "steps that led there:");
        var skipped = explanation.Steps.Count - count;
        for (var step = 0; step < count; step++)
        {
            var text = $"  {step + 1}. {explanation.Steps[skipped + step]}";
            lines.Add(new(Wrapping.Wrap(text, layout.Width, 5)[0], LineStyle.Plain));
        }

        return lines;
    }

    private List<TextLine> Recipe(CampaignResult result, Violation violation)
    {
        var notes = violation.Scenario.Notes ?? result.Replayed?.Notes;
        var lines = new List<TextLine>();
        var isPinned = violation.Scenario.Notes is not null && result.Replayed is null;
        var lead = isPinned ? "reached, young and dirty aside, by: " : "reached by: ";
        foreach (var recipe in notes?.Reach ?? [])
        {
            Add(lines, LineStyle.Plain, lead + string.Join("; ", recipe));
            lead = "or by: ";
        }

        return lines;
    }

    /// <summary>The scenario and the command, or the command alone where the scenario does not fit.</summary>
    private List<TextLine> Ending(
        CampaignResult result,
        Violation violation,
        int used,
        bool isCompact
    )
    {
        var lines = WithScenario(result, violation, isCompact);
        return Fits(lines, used) ? lines
            : isCompact ? Short(result, violation, NamedFile(result))
            : Ending(result, violation, used, isCompact: true);
    }

    private List<TextLine> WithScenario(CampaignResult result, Violation violation, bool isCompact)
    {
        var file = NamedFile(result);
        var lines = new List<TextLine> { TextLine.Blank };
        var text = explainer.Yaml(result, violation);
        var yaml = (isCompact ? CompactYaml.Of(text, layout.Width) : CompactYaml.Lines(text))
            .Select(line => new TextLine(line, LineStyle.Scenario))
            .ToList();
        if (file is not null)
        {
            lines.AddRange(yaml);
            AddCommand(lines, ReplayCommand.OfFile(result, file));
        }
        else
        {
            AddCommand(lines, ReplayCommand.OfHereDocument(result));
            lines.AddRange(yaml);
            lines.Add(new("EOF", LineStyle.Command));
        }

        return lines;
    }

    /// <summary>The file replayed, where the reader has it; else null.</summary>
    private string? NamedFile(CampaignResult result) =>
        layout.NamesFiles && result.File() is { } file and not "-" ? file : null;

    private List<TextLine> Short(CampaignResult result, Violation violation, string? file)
    {
        var lines = new List<TextLine> { TextLine.Blank };
        if (file is not null)
        {
            AddCommand(lines, ReplayCommand.OfFile(result, file));
        }
        else if (result.Seed is not null)
        {
            Add(lines, LineStyle.Plain, "The scenario is too large for this page; --json has it.");
            AddCommand(lines, ReplayCommand.OfCampaign(result, violation));
        }
        else
        {
            AddCommand(lines, ReplayCommand.OfFile(result, result.File() ?? "-"));
        }

        return lines;
    }

    private bool Fits(List<TextLine> lines, int used) =>
        used + lines.Count <= layout.MaxLines
        && lines.TrueForAll(line => line.Text.Length <= layout.Width);

    private void AddCommand(List<TextLine> lines, string command)
    {
        foreach (var line in Wrapping.WrapCommand(command, layout.Width))
        {
            lines.Add(new(line, LineStyle.Command));
        }
    }

    private void Add(List<TextLine> lines, LineStyle style, string text)
    {
        foreach (var line in Wrapping.Wrap(text, layout.Width, 2))
        {
            lines.Add(new(line, style));
        }
    }

    private static void AddAfterBlank(List<TextLine> lines, IReadOnlyList<TextLine> more)
    {
        if (more.Count > 0)
        {
            lines.Add(TextLine.Blank);
            lines.AddRange(more);
        }
    }

    private static void AddIfRoom(List<TextLine> lines, int room, List<TextLine> more)
    {
        if (more.Count <= room)
        {
            lines.AddRange(more);
        }
    }
}
