using System.Globalization;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Explaining;

/// <summary>Names of folios and of their pages, and where in a run they are freed.</summary>
internal static class PageNames
{
    /// <summary>A folio; those that came during the run have no name in the scenario.</summary>
    public static string Folio(int folio, Scenario scenario) =>
        folio >= 0 && folio < scenario.FolioCount ? scenario.FolioName(folio) : "a new folio";

    /// <summary>A page such as <c>A[1]</c>.</summary>
    public static string Frame(int frame, CaseRecord record, Scenario scenario)
    {
        var folio = frame < 0 ? -1 : record.Candidate.FrameFolios[frame];
        if (folio < 0)
        {
            return "the zero page";
        }

        var page = frame - record.Candidate.Folios[folio].FirstFrame;
        return string.Create(CultureInfo.InvariantCulture, $"{Folio(folio, scenario)}[{page}]");
    }

    /// <summary>The event before <paramref name="before"/> at which a frame was freed; -1 for none.</summary>
    public static int FreedAt(int frame, int before, CaseRecord record)
    {
        var events = record.CandidateTrace.Events;
        for (var at = before - 1; at >= 0 && frame >= 0; at--)
        {
            ref readonly var e = ref events[at];
            var page = record.Initial.PfnBase + (ulong)frame - e.A;
            if (e.Op == Primitive.FolioFree && page < (ulong)e.Nr)
            {
                return at;
            }
        }

        return -1;
    }
}
