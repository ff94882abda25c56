using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Primitives;

namespace PteCheck.Checking.Minimizing;

/// <summary>Passes over what the batch helper is asked.</summary>
internal static class BatchPasses
{
    /// <summary>As few flags as still show the violation.</summary>
    public static void FewerFlags(Shrinker shrinker)
    {
        if (!shrinker.Best.Operation().CountsBatch)
        {
            return;
        }

        foreach (var flag in Enum.GetValues<FpbFlags>())
        {
            if ((shrinker.Best.Run.Batch & flag) != 0)
            {
                shrinker.Try(scenario => Drop(scenario, flag));
            }
        }
    }

    private static bool Drop(Scenario scenario, FpbFlags flag)
    {
        scenario.Run.Batch &= ~flag;
        return true;
    }
}
