namespace PteCheck.Checking.Running;

/// <summary>Why an operation of a sequence cannot run when its turn comes.</summary>
public enum UnmetKind
{
    /// <summary>It can.</summary>
    None,

    /// <summary>Nothing maps its folio any more: those before it took the last page away.</summary>
    NotMapped,

    /// <summary>Its folio is swap-backed by now, so that reclaim would write it to swap and not drop it.</summary>
    Swapbacked,

    /// <summary>Its pages lie in several VMAs: an mprotect has split the one.</summary>
    Split,
}

/// <summary>An operation of a sequence whose turn came and that could not run.</summary>
/// <param name="Element">Its place in the run, from 0.</param>
/// <param name="Kind">Why.</param>
public readonly record struct UnmetOperation(int Element, UnmetKind Kind);
