using System.Text;
using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;

namespace PteCheck.Reports.Text;

/// <summary>The one command that shows a violation again.</summary>
public static class ReplayCommand
{
    private const string Program = "scripts/ptecheck";

    /// <summary>Replays a file.</summary>
    public static string OfFile(CampaignResult result, string file) =>
        $"{Program} replay {Choice(result)} {file}";

    /// <summary>The first line of a here-document that replays what stands between it and <c>EOF</c>.</summary>
    public static string OfHereDocument(CampaignResult result) => OfFile(result, "-") + " <<'EOF'";

    /// <summary>Repeats the campaign, for scenarios too large to print.</summary>
    public static string OfCampaign(CampaignResult result, Violation violation)
    {
        var command = new StringBuilder($"{Program} run {Choice(result)}");
        command.Append($" --arch {result.Architecture.Name()}");
        if (result.Kernel != result.Implementation.Kernel)
        {
            command.Append($" --kernel {result.Kernel.Name()}");
        }

        if (violation.Scenario.ShadowStack)
        {
            command.Append(" --config shadow-stack=on");
        }

        if (violation.Scenario.Bbml2)
        {
            command.Append(" --config bbml2=on");
        }

        AppendMode(command, "--interference", result.Interference.ToString());
        AppendMode(command, "--sequences", result.Sequences.ToString());
        return command.Append($" --seed {result.Seed ?? 1} --cases {result.Cases}").ToString();
    }

    /// <summary>The option that names the implementation.</summary>
    private static string Choice(CampaignResult result) =>
        result.Implementation.Subject is { } subject
            ? $"--subject {subject.File}"
            : $"--implementation {result.Implementation.FullName}";

    /// <summary>Says a mode that is not the default, which is on.</summary>
    private static void AppendMode(StringBuilder command, string option, string mode)
    {
        if (mode != nameof(SequenceMode.On))
        {
            command.Append($" {option} {mode.ToLowerInvariant()}");
        }
    }
}
