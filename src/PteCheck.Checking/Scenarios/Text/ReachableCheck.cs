namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Refuses files whose state no kernel reaches, at the line that says so.</summary>
internal static class ReachableCheck
{
    /// <summary>Checks what was read.</summary>
    /// <exception cref="ScenarioException">A rule is broken.</exception>
    public static void Check(ReadState state, YamlNode root, Dictionary<string, YamlNode> fields)
    {
        if (Reachability.FirstBroken(state.Scenario) is not var (rule, offender))
        {
            return;
        }

        var shape = Reachability.Shape.Contains(rule);
        var message = shape
            ? $"{rule.Id}: {rule.Sentence}"
            : $"no kernel reaches this state, {rule.Id}: {rule.Sentence} ({rule.Source}); to judge it all the same, say 'unreachable: true'";
        throw state.Scope.Error(Place(state, rule, offender, root, fields), message);
    }

    private static YamlNode Place(
        ReadState state,
        ReachabilityRule rule,
        Offender offender,
        YamlNode root,
        Dictionary<string, YamlNode> fields
    )
    {
        var key = rule.Id switch
        {
            "RS01" => "table",
            "RS10" or "RS17" or "RS18" or "RS19" or "RS58" => "run",
            _ => "config",
        };
        return offender.Kind switch
        {
            OffenderKind.Folio => state.FolioPlaces[offender.Index],
            OffenderKind.Vma => state.VmaPlaces[offender.Index],
            OffenderKind.Pte => state.PtePlaces[offender.Index],
            OffenderKind.Tlb => state.TlbPlaces[offender.Index],
            OffenderKind.Step => state.StepPlaces[offender.Index],
            OffenderKind.Run => state.RunPlaces[offender.Index],
            _ => fields.GetValueOrDefault(key, root),
        };
    }
}
