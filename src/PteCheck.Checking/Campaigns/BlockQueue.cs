using System.Diagnostics;

namespace PteCheck.Checking.Campaigns;

/// <summary>Hands the blocks of a campaign to its threads, in order.</summary>
internal sealed class BlockQueue(CampaignOptions options)
{
    private long next;
    private long casesTaken;

    /// <summary>Cases handed out so far.</summary>
    public long CasesTaken => Interlocked.Read(ref casesTaken);

    /// <summary>The next block of this shard and how many of its cases count; false when there is none.</summary>
    public bool TryTake(Stopwatch clock, out long block, out int limit)
    {
        var index = Interlocked.Increment(ref next) - 1;
        block = (index * options.Shard.Count) + options.Shard.Index - 1;
        limit = CaseBlock.Cases;
        if (options.Cases is { } cases)
        {
            var left = cases - (block * CaseBlock.Cases);
            limit = (int)Math.Clamp(left, 0, CaseBlock.Cases);
        }
        else if (options.Time is { } time && clock.Elapsed >= time && index > 0)
        {
            limit = 0;
        }

        Interlocked.Add(ref casesTaken, limit);
        return limit > 0;
    }
}
