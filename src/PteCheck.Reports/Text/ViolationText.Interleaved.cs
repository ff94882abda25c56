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
    private enum EndingForm
    {
        Whole,
        Compact,
        Short,
    }

    private List<TextLine> BuildInterleaved(
        CampaignResult result,
        Violation violation,
        Explanation explanation
    )
    {
        var whole = Numbered(explanation.Interleaved, explanation.Interleaved.Lines.Count);
        var head = Head(result, violation, explanation, withPicture: true, withRule: true);
        foreach (var form in Forms(result))
        {
            var ending = EndingOf(form, result, violation, head.Count);
            if (head.Count + whole.Count + ending.Count <= layout.MaxLines)
            {
                return Assemble(head, whole, Recipe(result, violation), ending);
            }
        }

        head = Head(result, violation, explanation, withPicture: false, withRule: true);
        var compact = EndingOf(EndingForm.Compact, result, violation, head.Count);
        if (head.Count + whole.Count + compact.Count > layout.MaxLines)
        {
            head = Head(result, violation, explanation, withPicture: false, withRule: false);
            compact = EndingOf(EndingForm.Compact, result, violation, head.Count);
        }

        var room = layout.MaxLines - head.Count - compact.Count;
        if (CutTo(explanation.Interleaved, room) is { } cut)
        {
            return Assemble(head, cut, [], compact);
        }

        var last = EndingOf(EndingForm.Short, result, violation, head.Count);
        room = layout.MaxLines - head.Count - last.Count;
        return Assemble(head, CutTo(explanation.Interleaved, room) ?? [], [], last);
    }

    /// <summary>The forms of the ending beside a picture: without the scenario only where the reader has its file.</summary>
    private EndingForm[] Forms(CampaignResult result) =>
        NamedFile(result) is null
            ? [EndingForm.Whole, EndingForm.Compact]
            : [EndingForm.Whole, EndingForm.Compact, EndingForm.Short];

    private List<TextLine> EndingOf(
        EndingForm form,
        CampaignResult result,
        Violation violation,
        int used
    ) =>
        form == EndingForm.Short
            ? Short(result, violation, NamedFile(result))
            : Ending(result, violation, used, isCompact: form == EndingForm.Compact);

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
                violation.Where,
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
