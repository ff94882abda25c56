using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;

namespace PteCheck.Checking.Campaigns;

/// <summary>Judging a case of a campaign threw, which is an error of the checker: the case, to be replayed and reported.</summary>
public sealed class CaseFailedException : Exception
{
    /// <summary>A case that threw.</summary>
    /// <param name="number">Its number in the campaign, from 0.</param>
    /// <param name="scenario">Its scenario.</param>
    /// <param name="cause">What it threw.</param>
    internal CaseFailedException(long number, Scenario scenario, Exception cause)
        : base($"{cause.GetType().Name} in case {number}: {cause.Message}", cause)
    {
        Scenario = ScenarioWriter.Write(scenario);
    }

    /// <summary>Text of the scenario file.</summary>
    public string Scenario { get; }
}
