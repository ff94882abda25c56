namespace PteCheck.Properties.Quality;

/// <summary>
/// Bytes that the same work takes again and again. The first rounds let reusable buffers grow, and code that is
/// not optimized yet box what it need not.
/// </summary>
internal static class SteadyAllocation
{
    private const int MostRounds = 20;

    /// <summary>Bytes of this thread in the first round that takes none, or in the last of 20.</summary>
    public static long Of(Action round)
    {
        var bytes = long.MaxValue;
        for (var i = 0; i < MostRounds && bytes > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return bytes;
    }
}
