using BenchmarkDotNet.Running;

namespace PteCheck.Benchmarks;

/// <summary>Runs the BenchmarkDotNet classes; <c>ptecheck bench</c> prints the <see cref="Figures"/> instead.</summary>
internal static class Program
{
    private static void Main(string[] args) =>
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
