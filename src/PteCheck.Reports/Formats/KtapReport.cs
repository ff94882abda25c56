using System.Text;
using PteCheck.Checking.Campaigns;
using PteCheck.Reports.Text;

namespace PteCheck.Reports.Formats;

/// <summary>KTAP, the test output of the kernel (Documentation/dev-tools/ktap.rst), version 1.</summary>
public static class KtapReport
{
    /// <summary>The document.</summary>
    public static string Write(ReportInput input)
    {
        var text = new StringBuilder("KTAP version 1\n");
        text.Append($"1..{input.Results.Count}\n");
        var number = 0;
        foreach (var result in input.Results)
        {
            number++;
            var status = input.StatusOf(result);
            foreach (var violation in input.Shown(result))
            {
                AppendDiagnostics(text, TextReports.MailOf(input, result, violation));
            }

            AppendDiagnostics(text, SummaryText.Line(result));
            var isOk = status is not (ResultStatus.Failed or ResultStatus.ReferenceViolated);
            text.Append(isOk ? "ok " : "not ok ").Append(number).Append(' ');
            text.Append(NameOf(result)).Append(Directive(status, result)).Append('\n');
        }

        return text.ToString();
    }

    private static void AppendDiagnostics(StringBuilder text, string lines)
    {
        foreach (var line in lines.TrimEnd('\n').Split('\n'))
        {
            text.Append($"# {line}".TrimEnd()).Append('\n');
        }
    }

    /// <summary>A name without the sign that begins a directive.</summary>
    private static string NameOf(CampaignResult result) =>
        result.TestName().Replace('#', '_').Replace('\n', ' ');

    private static string Directive(ResultStatus status, CampaignResult result) =>
        status switch
        {
            ResultStatus.Known => $" # SKIP {SummaryText.RulesOf(result)}",
            ResultStatus.NotApplicable => $" # SKIP {result.Reason.Replace('\n', ' ')}",
            _ => "",
        };
}
