using PteCheck.Checking.Running;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Benchmarks.Measuring;

/// <summary>What the figures are measured on.</summary>
internal static class Subjects
{
    /// <summary>mremap.</summary>
    public static readonly IOperation Mremap = OperationCatalog.Find("mremap")!;

    /// <summary>An implementation of mremap by its name.</summary>
    public static Implementation Named(string name) =>
        Mremap.Implementations.First(known => known.Name == name);

    /// <summary>Upstream's loop where it batches: on arm64 as it is, on x86-64 without the hint test that turns batching off there.</summary>
    public static Implementation Batching(Architecture architecture) =>
        Named(architecture == Architecture.X86 ? "batched-any-arch" : "batched");

    /// <summary>A worker for <see cref="Batching"/>.</summary>
    public static CaseWorker<TArch> Worker<TArch>(Architecture architecture)
        where TArch : struct, IArch
    {
        var implementation = Batching(architecture);
        return new(Mremap, implementation, implementation.Kernel);
    }
}
