namespace PteCheck.Kernel.Interference;

/// <summary>How far a step came.</summary>
public enum StepResult
{
    /// <summary>It happened, or found nothing to do.</summary>
    Done,

    /// <summary>It waits for a lock and is tried again at the next event.</summary>
    Blocked,
}
