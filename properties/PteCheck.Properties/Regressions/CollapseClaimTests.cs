using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Regressions;

/// <summary>The claims of the khugepaged thread that are about work or about a result: the answers in the files give these counts.</summary>
public sealed class CollapseClaimTests
{
    private const string Thread = RegressionFiles.CollapseThread;

    [Theory]
    [InlineData("as-posted-v2")]
    [InlineData("batched")]
    public void A5OneInvalidationForEachBlockIsSaved(string implementation)
    {
        var perPte = Run("A5-whole-table.yaml", "per-pte");
        var batched = Run("A5-whole-table.yaml", implementation);

        Assert.Equal(32, perPte.ContpteInvalidations);
        Assert.Equal(0, batched.ContpteInvalidations);
        Assert.Equal(perPte.Flushes, batched.Flushes);
        Assert.Contains("32 beside the flush", batched.Answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A5-protnone-in-between.yaml", 3, 0)]
    [InlineData("A5-not-folded.yaml", 0, 0)]
    public void A5NoBatchCoversABlockInPart(string file, int perPte, int batched)
    {
        Assert.Equal(perPte, Run(file, "per-pte").ContpteInvalidations);
        Assert.Equal(batched, Run(file, "batched").ContpteInvalidations);
        Assert.Equal(1, Run(file, "per-pte").Flushes);
        Assert.Equal(1, Run(file, "batched").Flushes);
    }

    [Theory]
    [InlineData(Architecture.X86)]
    [InlineData(Architecture.Arm64)]
    public void A6FewerRemovalsFromTheRmap(Architecture architecture)
    {
        var scenario = RegressionFiles.Read(Thread + "A6-mapcounts.yaml");
        scenario.Architecture = architecture;
        var perPte = CountedRun.Of(scenario, "per-pte");
        var batched = CountedRun.Of(scenario, "batched");

        Assert.Equal(512, perPte.Trace.Calls(Primitive.RemoveRmap));
        Assert.Equal(1, batched.Trace.Calls(Primitive.RemoveRmap));
        Assert.Equal(
            perPte.Trace.Calls(Primitive.FolioRef),
            batched.Trace.Calls(Primitive.FolioRef)
        );
    }

    [Theory]
    [InlineData("A3-copy-in-the-middle.yaml", 5)]
    [InlineData("A3-zapped-in-the-middle.yaml", 7)]
    [InlineData("A10-order.yaml", 5)]
    public void WhatWasClearedIsTakenOffOnce(string file, int entries)
    {
        foreach (var implementation in (string[])["per-pte", "as-posted-v2", "batched"])
        {
            var run = Run(file, implementation);
            var puts = run.Events(Primitive.FolioRef).Where(e => e.Actor == 0 && e.Nr == -entries);
            var counted = run.Events(Primitive.MmCounter).Where(e => e.Actor == 0);

            Assert.Single(puts);
            Assert.Equal(-entries, Assert.Single(counted).Nr);
        }
    }

    [Theory]
    [InlineData("A4-holes.yaml", "batched", 3)]
    [InlineData("A8-dirty-and-soft-dirty.yaml", "as-posted-v2", 1)]
    [InlineData("A8-dirty-and-soft-dirty.yaml", "batched", 1)]
    [InlineData("A8-protnone.yaml", "batched", 3)]
    [InlineData("A8-protnone.yaml", "batched~ignore-protnone", 1)]
    [InlineData("A9-last-slot.yaml", "batched", 1)]
    public void SoManyBatches(string file, string implementation, int batches) =>
        Assert.Equal(batches, Run(file, implementation).Trace.Calls(Primitive.GetAndClearPtes));

    [Theory]
    [InlineData("A1-whole-folio.yaml", ScanResult.Succeed)]
    [InlineData("A1-other-folio.yaml", ScanResult.Fail)]
    [InlineData("A2-zero-page-at-the-scan.yaml", ScanResult.Fail)]
    [InlineData("A4-shifted-by-mremap.yaml", ScanResult.VmaCheck)]
    [InlineData("A4-part-moved-away.yaml", ScanResult.VmaCheck)]
    [InlineData("A8-uffd-wp.yaml", ScanResult.PteUffd)]
    [InlineData("A10-order.yaml", ScanResult.Fail)]
    public void ItEndsSo(string file, ScanResult result)
    {
        foreach (var implementation in (string[])["per-pte", "as-posted-v2", "batched"])
        {
            var events = Run(file, implementation).Events(Primitive.ScanResult);

            Assert.Equal(result, (ScanResult)Assert.Single(events).A);
        }
    }

    private static CountedRun Run(string file, string implementation) =>
        CountedRun.Of(RegressionFiles.Read(Thread + file), implementation);
}
