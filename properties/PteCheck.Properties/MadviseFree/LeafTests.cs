using PteCheck.Checking.Campaigns;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Properties.Campaigns;
using PteCheck.Properties.Generation;
using PteCheck.Properties.Interference;

namespace PteCheck.Properties.MadviseFree;

/// <summary>What every operation on leaves must come to: it holds, meets every situation, and its cases are reachable and take no memory.</summary>
public sealed class LeafTests
{
    private const long Cases = 16384;

    /// <summary>Every operation on leaves, on both architectures.</summary>
    public static TheoryData<string, Architecture> All
    {
        get
        {
            var all = new TheoryData<string, Architecture>();
            foreach (var operation in OperationCatalog.All.Where(one => one.WorksOnLeaves))
            {
                all.Add(operation.Reference().FullName, Architecture.X86);
                all.Add(operation.Reference().FullName, Architecture.Arm64);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ItHolds(string name, Architecture architecture)
    {
        foreach (var mode in new[] { InterferenceMode.Off, InterferenceMode.Only })
        {
            var result = InterleavedCampaigns.Run(name, architecture, 2 * Cases, mode: mode);

            Assert.Equal(VerdictKind.Holds, result.Verdict);
            Assert.Contains("nothing to batch", result.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EverySituationIsMet(string name, Architecture architecture)
    {
        var cells = InterleavedCampaigns
            .Run(name, architecture, Cases, mode: InterferenceMode.Off)
            .Coverage.Cells;

        Assert.DoesNotContain(cells, cell => cell.Value == 0);
        Assert.Contains(cells, cell => cell.Key == "leaf/none");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void WhatIsGeneratedIsReachableAndReadsBack(string name, Architecture architecture) =>
        GeneratorLab.AssertReachableAndReadBack(Options(name, architecture), 4000);

    [Theory]
    [InlineData("madvise-free/per-pmd")]
    [InlineData("madvise-dontneed/per-pmd")]
    public void CasesAllocateNothing(string name) =>
        GeneratorLab.AssertNothingAllocated(
            CampaignLab.Worker(CampaignLab.Named(name), Architecture.X86),
            Options(name, Architecture.X86),
            4000
        );

    /// <summary>Every second case with others beside it.</summary>
    private static GeneratorOptions Options(string name, Architecture architecture) =>
        GeneratorLab.Options(CampaignLab.OperationOf(CampaignLab.Named(name)), architecture) with
        {
            InterleavedPercent = 50,
        };
}
