using PteCheck.Model.Architectures;
using Xunit.Abstractions;

namespace PteCheck.Properties.Architectures;

/// <summary>The golden vectors judged: each helper wrong in any one way must disagree with one of them.</summary>
public sealed class PrimitiveMutationTests(ITestOutputHelper output)
{
    private const int FewestMutants = 1000;

    [Fact]
    public void Every_mutant_of_x86_64_is_killed() => AssertKilled<X86_64>();

    [Fact]
    public void Every_mutant_of_arm64_is_killed() => AssertKilled<Arm64>();

    private void AssertKilled<TArch>()
        where TArch : struct, IArch
    {
        var vectors = GoldenVector.Read(TArch.Architecture);
        var byFunction = vectors.ToLookup(vector => vector.Function);
        List<PrimitiveMutant> mutants =
        [
            .. GoldenFunctions<TArch>.All.Keys.SelectMany(name =>
                PrimitiveMutants<TArch>.Of(name, vectors)
            ),
        ];
        var survivors = mutants
            .Where(mutant =>
                byFunction[mutant.Function].All(vector => mutant.Apply(vector) == vector.Output)
            )
            .Select(mutant => $"{mutant.Function}: {mutant.Change}")
            .ToList();

        output.WriteLine(
            $"{TArch.Architecture.Name()}: {mutants.Count} mutants of {byFunction.Count} helpers"
        );
        Assert.True(mutants.Count >= FewestMutants, $"only {mutants.Count} mutants");
        Assert.True(survivors.Count == 0, string.Join('\n', survivors));
    }
}
