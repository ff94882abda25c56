using System.Diagnostics;

namespace PteCheck.Checking.Campaigns;

/// <summary>Hands the blocks of a campaign to its threads, in order.</summary>
internal sealed class BlockQueue(CampaignOptions options)
{
    private long next;
    private long casesTaken;
    private volatile bool closed;

    /// <summary>Cases handed out so far.</summary>
    public long CasesTaken => Interlocked.Read(ref casesTaken);

    /// <summary>
    /// The next block of this shard and how many of its cases count; false when there is none. The
    /// clock is read before a block is taken, and what is taken is judged: a campaign that ends by
    /// time has judged its first n blocks without a gap, so that a number of cases repeats it.
    /// </summary>
    public bool TryTake(Stopwatch clock, out long block, out int limit)
    {
        block = 0;
        limit = 0;
        if (closed || IsLate(clock))
        {
            return false;
        }

        var index = Interlocked.Increment(ref next) - 1;
        block = (index * options.Shard.Count) + options.Shard.Index - 1;
        limit = CaseBlock.Cases;
        if (options.Cases is { } cases)
        {
            var left = cases - (block * CaseBlock.Cases);
            limit = (int)Math.Clamp(left, 0, CaseBlock.Cases);
        }

        Interlocked.Add(ref casesTaken, limit);
        return limit > 0;
    }

    /// <summary>Hands out no more.</summary>
    public void Close() => closed = true;

    /// <summary>Whether time decides and is used up; one block is judged in any case.</summary>
    private bool IsLate(Stopwatch clock) =>
        options is { Cases: null, Time: { } time }
        && clock.Elapsed >= time
        && Interlocked.Read(ref next) > 0;
}
