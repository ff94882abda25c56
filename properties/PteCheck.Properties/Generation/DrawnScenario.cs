using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;

namespace PteCheck.Properties.Generation;

/// <summary>A generated scenario, printed as its file when a property fails.</summary>
/// <param name="Scenario">The scenario; read, never changed.</param>
public sealed record DrawnScenario(Scenario Scenario)
{
    /// <inheritdoc/>
    public override string ToString() => ScenarioWriter.Write(Scenario);
}
