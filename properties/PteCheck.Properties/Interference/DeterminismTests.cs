using PteCheck.Checking.Campaigns;
using PteCheck.Model.Architectures;
using PteCheck.Reports.Explaining;
using PteCheck.Reports.Formats;

namespace PteCheck.Properties.Interference;

/// <summary>Interleaved cases are functions of seed and number, too.</summary>
public sealed class DeterminismTests
{
    [Theory]
    [InlineData("lazyfree-unmap/batched~refcount-before-clear", InterferenceMode.Only)]
    [InlineData("lazyfree-unmap/batched~free-before-flush", InterferenceMode.On)]
    [InlineData("mremap/batched-any-arch", InterferenceMode.On)]
    public void Threads_change_no_byte(string implementation, InterferenceMode mode)
    {
        var alone = Document(implementation, mode, jobs: 1);
        Assert.Equal(alone, Document(implementation, mode, jobs: 2));
        Assert.Equal(alone, Document(implementation, mode, jobs: 2));
        Assert.Contains("\"interleaved\": ", alone, StringComparison.Ordinal);
    }

    private static string Document(string implementation, InterferenceMode mode, int jobs)
    {
        var result = InterleavedCampaigns.Run(
            implementation,
            Architecture.X86,
            3 * CaseBlock.Cases,
            seed: 5,
            mode,
            jobs
        );
        return JsonReport.Write(
            new()
            {
                Command = "run",
                Results = [result],
                Explainer = ModelExplainer.Instance,
                Timing = false,
            }
        );
    }
}
