namespace PteCheck.Model.Traces;

/// <summary>Follows a run event by event, while the machine stands as the event left it.</summary>
public interface ITraceListener
{
    /// <summary>Called after each event has been recorded.</summary>
    void OnEvent(in TraceEvent traceEvent);
}
