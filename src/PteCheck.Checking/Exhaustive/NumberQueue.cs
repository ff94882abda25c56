namespace PteCheck.Checking.Exhaustive;

/// <summary>Hands the numbers of a scope to its threads, in ascending order.</summary>
internal sealed class NumberQueue(long all, int blockNumbers, bool stopAtFirst)
{
    private long next;
    private long lowest = long.MaxValue;

    /// <summary>How many numbers there are.</summary>
    public long All => all;

    /// <summary>Whether numbers were left out since a lower one had a violation.</summary>
    public bool Stopped => stopAtFirst && Interlocked.Read(ref lowest) < all;

    /// <summary>The next numbers, from <paramref name="first"/> up to before <paramref name="end"/>; false when there are no more.</summary>
    public bool TryTake(out long first, out long end)
    {
        first = Interlocked.Add(ref next, blockNumbers) - blockNumbers;
        end = Math.Min(first + blockNumbers, all);
        return first < all && IsWanted(first);
    }

    /// <summary>Whether a number counts: when stopping at the first violation, those up to the lowest that has one.</summary>
    public bool IsWanted(long number) => !stopAtFirst || number <= Interlocked.Read(ref lowest);

    /// <summary>A violation was found at a number.</summary>
    public void NoteViolation(long number)
    {
        var known = Interlocked.Read(ref lowest);
        while (number < known)
        {
            var before = Interlocked.CompareExchange(ref lowest, number, known);
            known = before == known ? number : before;
        }
    }
}
