using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Regressions;

/// <summary>
/// C4 and C6 beyond their files: over generated scenarios, whatever is cleared or stored as a batch
/// is present, so the paths for single entries never see one.
/// </summary>
public sealed class SingleEntryPathTests
{
    private const int Cases = 20_000;

    [Theory]
    [InlineData("as-posted-v4")]
    [InlineData("sketch-split")]
    [InlineData("batched-any-arch")]
    public void OnlyPresentEntriesAreBatchedOnX86(string implementation) =>
        OnlyPresentEntriesAreBatched<X86_64>(implementation);

    [Theory]
    [InlineData("as-posted-v4")]
    [InlineData("sketch-split")]
    [InlineData("batched")]
    public void OnlyPresentEntriesAreBatchedOnArm64(string implementation) =>
        OnlyPresentEntriesAreBatched<Arm64>(implementation);

    private static void OnlyPresentEntriesAreBatched<TArch>(string implementation)
        where TArch : struct, IArch
    {
        var worker = CampaignLab.Worker<TArch>(Lab.Implementation(implementation));
        var options = new GeneratorOptions(
            TArch.Architecture,
            ShadowStack: false,
            Bbml2: false,
            InterleavedPercent: 0,
            SequencePercent: 0
        );
        var generator = new ScenarioGenerator();
        var scenario = new Scenario();
        var seen = new Seen();
        for (var i = 0; i < Cases; i++)
        {
            generator.Fill(scenario, options, (ulong)i, 1 + (i % ScenarioGenerator.MaxSize));
            worker.RunOnly(scenario);
            foreach (ref readonly var traceEvent in worker.CandidateTrace.Events)
            {
                Look<TArch>(traceEvent, worker.InitialMachine, ref seen);
            }
        }

        Assert.True(seen.Batches > Cases / 10, $"only {seen.Batches} batches");
        Assert.True(seen.SingleNonPresent > Cases / 10, $"only {seen.SingleNonPresent} others");
        Assert.True(seen.Cleared > 100, $"only {seen.Cleared} cleared");
        Assert.Equal(0, seen.BatchedNonPresent);
    }

    private static void Look<TArch>(in TraceEvent e, Machine initial, ref Seen seen)
        where TArch : struct, IArch
    {
        switch (e.Op)
        {
            case Primitive.GetAndClearPtes when e.Nr > 1:
                seen.Batches++;
                for (var i = 0; i < e.Nr; i++)
                {
                    var word = initial.Ptes[Machine.PteIndex(e.Table, e.Slot + i)];
                    seen.BatchedNonPresent += TArch.PtePresent(new(word)) ? 0 : 1;
                }

                break;
            case Primitive.SetPtes when e.Nr > 1:
                seen.BatchedNonPresent += TArch.PtePresent(new(e.A)) ? 0 : 1;
                break;
            case Primitive.SetPtes:
                seen.SingleNonPresent += TArch.PtePresent(new(e.A)) ? 0 : 1;
                break;
            case Primitive.PteClear:
                seen.Cleared++;
                break;
        }
    }

    private struct Seen
    {
        public int Batches;
        public int BatchedNonPresent;
        public int SingleNonPresent;
        public int Cleared;
    }
}
