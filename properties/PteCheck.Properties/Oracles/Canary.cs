using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Oracles;

/// <summary>A fault made on purpose, and the rule that must find it.</summary>
/// <param name="Rule">Id of the rule that the minimal scenario breaks first.</param>
/// <param name="Decision">The fault.</param>
/// <param name="Architecture">Where.</param>
/// <param name="AlsoBroken">Ids of all other rules that the minimal scenario breaks; with <paramref name="Rule"/> off they are what is left.</param>
/// <param name="Implementation">The candidate; upstream's batches on any architecture with the decision when empty.</param>
/// <param name="ShadowStack">With shadow stacks.</param>
public sealed record Canary(
    string Rule,
    string Decision,
    Architecture Architecture,
    IReadOnlyList<string> AlsoBroken,
    string Implementation = "",
    bool ShadowStack = false
)
{
    /// <summary>The candidate's name.</summary>
    public string Candidate =>
        Implementation.Length > 0 ? Implementation : $"batched-any-arch~{Decision}";

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Rule} {Decision} {Architecture.Name()}{(ShadowStack ? " shadow-stack" : "")}";
}
