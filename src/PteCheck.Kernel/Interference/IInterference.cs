using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Interference;

/// <summary>What acts between two primitives of a run.</summary>
public interface IInterference
{
    /// <summary>
    /// Called when everything before an event has happened and nothing of it yet: the only places at which
    /// others act, so that what is atomic on hardware is atomic here.
    /// </summary>
    void Before(in TraceEvent upcoming);
}
