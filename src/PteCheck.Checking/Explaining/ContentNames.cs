using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Explaining;

/// <summary>What a token of content stands for.</summary>
internal static class ContentNames
{
    /// <summary>
    /// Such as <c>zero</c>, <c>the initial content of A[0]</c>, <c>what the device wrote in step 7</c>.
    /// </summary>
    public static string Of(ulong token, CaseRecord record, Scenario scenario, StepList steps)
    {
        if (token == Machine.ZeroContent)
        {
            return "zero";
        }

        var frame = record.Initial.PageContents.AsSpan(0, record.Initial.FrameCount).IndexOf(token);
        if (frame >= 0)
        {
            return $"the initial content of {PageNames.Frame(frame, record, scenario)}";
        }

        var writer = WriterOf(token, record);
        return writer < 0
            ? "what somebody wrote"
            : $"{Deed(record.CandidateTrace.Events[writer], scenario)}{In(steps, writer)}";
    }

    /// <summary>Whether somebody wrote it during the run.</summary>
    public static bool IsWritten(ulong token, CaseRecord record) => WriterOf(token, record) >= 0;

    /// <summary><c> in step 7</c>, or nothing where the list does not have the event.</summary>
    public static string In(StepList steps, int at) =>
        steps.NumberOf(at) is { } number ? FormattableString.Invariant($" in step {number}") : "";

    private static string Deed(in TraceEvent e, Scenario scenario) =>
        e.Op switch
        {
            Primitive.DeviceStore => "what the device wrote",
            Primitive.CopyFromUser => "what UFFDIO_COPY brought",
            _ => $"what {OthersWords.Actor(e, scenario)} stored",
        };

    private static int WriterOf(ulong token, CaseRecord record)
    {
        var events = record.CandidateTrace.Events;
        for (var at = 0; at < events.Length; at++)
        {
            var stores =
                events[at].Op
                is Primitive.CpuStore
                    or Primitive.DeviceStore
                    or Primitive.CopyFromUser;
            if (stores && events[at].B == token)
            {
                return at;
            }
        }

        return -1;
    }
}
