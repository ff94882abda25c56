using System.Globalization;
using PteCheck.Checking.Explaining;
using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Campaigns;

/// <summary>A finding in words: where it is, what each side has, and one sentence.</summary>
public sealed record FindingText(string Where, string Reference, string Candidate, string Message)
{
    /// <summary>The words for a finding of a case.</summary>
    public static FindingText Of(in Finding finding, CaseRecord record, Scenario scenario)
    {
        var where = WhereOf(finding, record, scenario);
        if (finding.Rule.Oracle == OracleKind.Memory)
        {
            var (expected, found, message) = MemoryWords.Of(finding, where, record, scenario);
            return new(where, expected, found, message);
        }

        var (reference, candidate) = SidesOf(finding, record, scenario);
        return new(where, reference, candidate, MessageOf(finding, where, reference, candidate));
    }

    private static string WhereOf(in Finding finding, CaseRecord record, Scenario scenario)
    {
        if (IsOfSubject(finding.Rule) && finding.Mm < 0)
        {
            return "the subject";
        }

        if (finding.Mm >= 0)
        {
            return SlotName(record.Initial, finding.Mm, finding.Place, scenario);
        }

        var index = (int)finding.Place;
        return finding.Role switch
        {
            PlaceRole.Folio when index < scenario.FolioCount => Numbered(
                $"folio {scenario.FolioName(index)}",
                finding.Detail
            ),
            PlaceRole.MmCounter => Numbered(
                string.Create(CultureInfo.InvariantCulture, $"mm {index}"),
                finding.Detail
            ),
            PlaceRole.SwapSlot => string.Create(CultureInfo.InvariantCulture, $"swap slot {index}"),
            PlaceRole.Window when IsAttempt(finding) => string.Create(
                CultureInfo.InvariantCulture,
                $"{(finding.Rule == Rules.ScanResult ? "scan" : "attempt")} {index + 1}"
            ),
            PlaceRole.Window => AttemptWords.Window(finding.Place, record.Initial, scenario),
            PlaceRole.Lock => string.Create(CultureInfo.InvariantCulture, $"table {index}"),
            _ => finding.Detail.Length > 0 ? finding.Detail : "the run",
        };
    }

    private static bool IsAttempt(in Finding finding) =>
        finding.Rule == Rules.Attempts || finding.Rule == Rules.ScanResult;

    /// <summary>What each side tries there, or how its scan ends.</summary>
    private static string Tried(in Finding finding, ulong has, CaseRecord record, Scenario scenario)
    {
        if (finding.Rule == Rules.ScanResult)
        {
            return AttemptWords.NameOf((ScanResult)has);
        }

        return has == 0 ? "no attempt" : AttemptWords.Window(has, record.Initial, scenario);
    }

    private static string Numbered(string name, string detail) =>
        detail.Length == 0 ? name : $"{name}, {detail}";

    /// <summary>A page by its VMA, or by its table when it is in none.</summary>
    private static string SlotName(Machine machine, int mm, uint vpn, Scenario scenario)
    {
        var (vma, page) = ScenarioLayout.Find(scenario, mm, vpn);
        if (vma >= 0)
        {
            return scenario.PageName(vma, page);
        }

        for (var i = 0; i < scenario.VmaCount; i++)
        {
            if (machine.Vmas[i].Mm == mm && machine.Vmas[i].End == vpn)
            {
                return scenario.PageName(i, (int)machine.Vmas[i].Pages);
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"page {vpn}");
    }

    private static (string Reference, string Candidate) SidesOf(
        in Finding finding,
        CaseRecord record,
        Scenario scenario
    )
    {
        var number = CultureInfo.InvariantCulture;
        if (IsAttempt(finding))
        {
            return (
                Tried(finding, finding.Reference, record, scenario),
                Tried(finding, finding.Candidate, record, scenario)
            );
        }

        switch (finding.Rule.Oracle)
        {
            case OracleKind.State or OracleKind.Invariants when finding.Mm >= 0:
                var left = record.Reference.PteAt(finding.Mm, finding.Place).Word;
                return (
                    PteText.Describe(record.Initial, left, scenario)
                        + Deposit(finding, record.Reference, record.Candidate),
                    PteText.Describe(record.Initial, finding.Candidate, scenario)
                        + Deposit(finding, record.Candidate, record.Reference)
                );
            case OracleKind.Tlb:
                return (
                    "no translation",
                    "a translation of "
                        + PteText.Describe(record.Initial, finding.Candidate, scenario)
                );
            case OracleKind.State or OracleKind.Invariants or OracleKind.Work:
                return (finding.Reference.ToString(number), finding.Candidate.ToString(number));
            default:
                return ("", finding.Detail);
        }
    }

    /// <summary>Whether one machine has a table deposited for a PMD entry, where the other differs in that.</summary>
    private static string Deposit(in Finding finding, Machine machine, Machine other)
    {
        var has = HasDeposit(finding, machine);
        return finding.Rule != Rules.Pmd || has == HasDeposit(finding, other) ? ""
            : has ? " and a deposited table"
            : " and no deposited table";
    }

    private static bool HasDeposit(in Finding finding, Machine machine) =>
        machine.Pmds[machine.FindPmd(finding.Mm, finding.Place)].Deposited != 0;

    private static string MessageOf(
        in Finding finding,
        string where,
        string reference,
        string candidate
    ) =>
        finding.Rule.Oracle switch
        {
            OracleKind.State or OracleKind.Invariants when finding.Mm >= 0 =>
                $"{where}: {finding.Rule.Title}: per-PTE leaves {reference}, the candidate {candidate}",
            OracleKind.Tlb => $"{where}: {finding.Rule.Title}: {candidate} can still be used",
            OracleKind.State or OracleKind.Invariants =>
                $"{where}: {finding.Rule.Title}: {reference} expected, {candidate} found",
            OracleKind.Work =>
                $"{where}: {finding.Rule.Title}: at most {reference} allowed, {candidate} counted",
            _ when IsOfSubject(finding.Rule) => $"{where}: {finding.Rule.Title}: {finding.Detail}",
            _ => $"{where}: {finding.Rule.Title}, found by {finding.Detail}",
        };

    /// <summary>Rules of what implementations from outside do beside their calls.</summary>
    private static bool IsOfSubject(Rule rule) =>
        rule == Rules.SubjectCrash
        || rule == Rules.SubjectTimeOut
        || rule == Rules.SubjectSystemCall
        || rule == Rules.SubjectBypass;
}
