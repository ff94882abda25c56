using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Interference;

/// <summary>Watches a run from place to place: a place lies between two events, where others may act.</summary>
public interface IPlaceObserver
{
    /// <summary>The operation has come to a place, and nobody else has acted there yet.</summary>
    /// <param name="upcoming">The event that comes next; null at the end of the run.</param>
    void Arrive(TraceEvent? upcoming);

    /// <summary>All steps that are due at the place have been tried, and the operation goes on.</summary>
    /// <param name="upcoming">The event that comes next; null at the end of the run.</param>
    void Leave(TraceEvent? upcoming);
}
