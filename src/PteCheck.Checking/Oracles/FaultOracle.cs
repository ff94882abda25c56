using PteCheck.Checking.Running;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// Bounds and contract: the primitives note what is wrong with how they are called; this says which
/// rule it breaks.
/// </summary>
public static class FaultOracle
{
    /// <summary>Judges the faults of one side.</summary>
    public static void Judge<TArch>(Side<TArch> side, FindingList findings)
        where TArch : struct, IArch
    {
        foreach (ref readonly var fault in side.Faults.Faults)
        {
            var rule = RuleOf(fault.Kind);
            var finding = new Finding
            {
                Rule = rule,
                Role = RoleOf(fault.Kind),
                Mm = -1,
                Place = (uint)Math.Max((int)fault.Table, 0),
                Step = fault.Step,
                Detail = fault.By,
            };
            if (fault.Table >= 0 && IsSlot(fault.Kind))
            {
                ref readonly var table = ref side.Machine.Tables[fault.Table];
                finding.Mm = table.Mm;
                finding.Place = table.BaseVpn + (uint)fault.Slot;
            }

            findings.Add(finding);
        }
    }

    private static Rule RuleOf(FaultKind kind) =>
        kind switch
        {
            FaultKind.OutsideTable => Rules.OutsideTable,
            FaultKind.OutsideRange => Rules.OutsideRange,
            FaultKind.NullPage => Rules.NullPage,
            FaultKind.PtlNotHeld => Rules.PtlNotHeld,
            FaultKind.SleepUnderPtl => Rules.SleepUnderPtl,
            FaultKind.SetPtesPrecondition => Rules.SetPtes,
            FaultKind.EmptyBatch => Rules.EmptyBatch,
            FaultKind.CountBelowZero => Rules.CountBelowZero,
            FaultKind.LockMisuse => Rules.LockMisuse,
            FaultKind.VmaNotLocked => Rules.VmaNotLocked,
            FaultKind.StackOverrun => Rules.StackOverrun,
            FaultKind.PmdLockNotHeld => Rules.PtlNotHeld,
            FaultKind.TableInUse => Rules.TableInUse,
            FaultKind.PmdNotNone or FaultKind.NotATable or FaultKind.TableMisuse =>
                Rules.TableMisuse,
            FaultKind.SubjectCrash => Rules.SubjectCrash,
            FaultKind.SubjectTimeOut => Rules.SubjectTimeOut,
            FaultKind.SubjectSystemCall => Rules.SubjectSystemCall,
            FaultKind.SubjectBypass => Rules.SubjectBypass,
            _ => Rules.NoEnd,
        };

    private static bool IsSlot(FaultKind kind) =>
        kind
            is FaultKind.OutsideTable
                or FaultKind.OutsideRange
                or FaultKind.PtlNotHeld
                or FaultKind.SetPtesPrecondition
                or FaultKind.EmptyBatch
                or FaultKind.SubjectBypass;

    private static PlaceRole RoleOf(FaultKind kind) =>
        kind switch
        {
            FaultKind.OutsideTable or FaultKind.OutsideRange => PlaceRole.Elsewhere,
            FaultKind.PtlNotHeld
            or FaultKind.PmdLockNotHeld
            or FaultKind.SleepUnderPtl
            or FaultKind.LockMisuse
            or FaultKind.VmaNotLocked => PlaceRole.Lock,
            FaultKind.SetPtesPrecondition => PlaceRole.Destination,
            FaultKind.EmptyBatch => PlaceRole.Source,
            FaultKind.CountBelowZero or FaultKind.NullPage => PlaceRole.Folio,
            _ => PlaceRole.Run,
        };
}
