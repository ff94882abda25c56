using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Explaining;
using PteCheck.Reports.Explaining;

namespace PteCheck.Reports.Text;

/// <summary>
/// Violations with interference: the numbered list of who did what is what a reader follows. Where lines are
/// few, picture and rule give way to it, then the least of the operation's own steps; numbers stay.
/// </summary>
public sealed partial class ViolationText
{
    private List<TextLine> BuildInterleaved(
        CampaignResult result,
        Violation violation,
        Explanation explanation
    )
    {
        var steps = explanation.Interleaved;
        var whole = Numbered(steps, steps.Lines.Count);
        var full = Head(result, violation, explanation, withPicture: true, withRule: true);
        var noPicture = Head(result, violation, explanation, withPicture: false, withRule: true);
        var least = Head(result, violation, explanation, withPicture: false, withRule: false);
        var compact = WithScenario(result, violation, isCompact: true);
        var last = Short(result, violation, NamedFile(result));
        (List<TextLine> Head, List<TextLine> Ending)[] forms =
        [
            (full, WithScenario(result, violation, isCompact: false)),
            (full, compact),
            .. NamedFile(result) is null ? [] : new[] { (full, last) },
            (noPicture, compact),
            (least, compact),
        ];
        foreach (var (head, ending) in forms)
        {
            if (Fits(ending, head.Count + whole.Count))
            {
                return Assemble(head, whole, Recipe(result, violation), ending);
            }
        }

        var room = layout.MaxLines - least.Count - compact.Count;
        if (Fits(compact, used: 0) && CutTo(steps, room) is { } cut)
        {
            return Assemble(least, cut, [], compact);
        }

        room = layout.MaxLines - least.Count - last.Count;
        return Assemble(least, CutTo(steps, room) ?? [], [], last);
    }

    private List<TextLine> Head(
        CampaignResult result,
        Violation violation,
        Explanation explanation,
        bool withPicture,
        bool withRule
    )
    {
        var lines = new List<TextLine>();
        Add(lines, LineStyle.Title, Title(result, violation));
        if (withPicture)
        {
            var picture = StripPicture.Draw(
                explanation.Slots,
                result.Implementation.Name,
                violation.Place,
                layout.Width
            );
            AddAfterBlank(lines, picture);
        }

        lines.Add(TextLine.Blank);
        AddSentences(lines, result, violation, withRule);
        return lines;
    }

    private List<TextLine> Assemble(
        List<TextLine> head,
        List<TextLine> steps,
        List<TextLine> recipe,
        List<TextLine> ending
    )
    {
        head.AddRange(steps);
        AddIfRoom(head, layout.MaxLines - head.Count - ending.Count, recipe);
        head.AddRange(ending);
        return head;
    }

    /// <summary>The list without its least lines, so that it fits; null where a step of another would have to go.</summary>
    private List<TextLine>? CutTo(StepList steps, int room)
    {
        for (var keep = steps.Lines.Count; keep >= steps.OthersCount; keep--)
        {
            var lines = Numbered(steps, keep);
            if (lines.Count <= room)
            {
                return lines;
            }
        }

        return null;
    }

    private List<TextLine> Numbered(StepList steps, int keep)
    {
        var lines = new List<TextLine>();
        Add(lines, LineStyle.Plain, "steps that led there:");
        foreach (var (number, text) in steps.Most(keep))
        {
            var step = FormattableString.Invariant($"{number, 3}. {text}");
            foreach (var line in Wrapping.Wrap(step, layout.Width, 5))
            {
                lines.Add(new(line, LineStyle.Plain));
            }
        }

        return lines;
    }
}
