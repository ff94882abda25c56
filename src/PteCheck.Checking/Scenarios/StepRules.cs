using PteCheck.Kernel.Interference;

namespace PteCheck.Checking.Scenarios;

/// <summary>What a step of interference must be to mean anything.</summary>
internal static class StepRules
{
    /// <summary>The first step whose actor, page or anchor does not exist.</summary>
    public static Offender? Places(Scenario s)
    {
        for (var i = 0; i < s.StepCount; i++)
        {
            ref readonly var step = ref s.Steps[i];
            var device = step.Verb is StepVerb.DeviceLoad or StepVerb.DeviceStore;
            var actor = device
                ? step.Actor == InterferenceStep.Device
                : step.Actor > 0 && step.Actor < s.Cpus;
            var stays = step.Verb switch
            {
                StepVerb.ZapTable => s.Operation().TablesMayGo,
                StepVerb.Retract => s.Operation().TablesMayGo || MovesTables(s),
                _ => true,
            };
            var pages = step.Verb == StepVerb.Zap ? step.Pages : (short)1;
            var good =
                actor
                && stays
                && pages == step.Pages
                && IsPage(s, step.Vma, step.Page)
                && IsPage(s, step.Vma, step.Page + step.Pages - 1)
                && (!step.HasAnchorPage || IsPage(s, step.AnchorVma, step.AnchorPage))
                && step.Occurrence > 0;
            if (!good)
            {
                return new(OffenderKind.Step, i);
            }
        }

        return null;
    }

    /// <summary>Whether a whole table of mremap's source moves to a place without one, by its PMD entry.</summary>
    private static bool MovesTables(Scenario s) =>
        s.Operation().Moves && s.Vmas[s.Run.NewVma].NoTables && s.Run.Pages == s.Slots;

    private static bool IsPage(Scenario s, int vma, int page) =>
        vma < s.VmaCount && page >= 0 && page < s.Vmas[vma].Pages;
}
