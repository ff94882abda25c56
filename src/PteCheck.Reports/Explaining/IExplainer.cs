using PteCheck.Checking.Campaigns;

namespace PteCheck.Reports.Explaining;

/// <summary>Runs a violation's scenario once more and puts what happened in words.</summary>
public interface IExplainer
{
    /// <summary>The picture and the steps of a violation found in <paramref name="result"/>.</summary>
    Explanation Explain(CampaignResult result, Violation violation);

    /// <summary>
    /// The text of the scenario as a file that replays, with its names but without what was asked,
    /// answered and expected.
    /// </summary>
    string Yaml(CampaignResult result, Violation violation);
}
