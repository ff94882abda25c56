using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Architectures;

/// <summary>Every helper against words worked out by hand from the documented layouts.</summary>
public sealed class GoldenVectorTests
{
    private const int FewestOfFunction = 4;
    private const int FewestOfFile = 200;

    /// <summary>Members of <see cref="IArch"/> without a kernel function: a bit list and the hardware walker.</summary>
    private static readonly string[] NotKernelFunctions =
    [
        nameof(IArch.PageReadOnly),
        nameof(IArch.PageShared),
        nameof(IArch.HardwareRights),
    ];

    [Fact]
    public void X86_64_agrees_with_every_vector() => AssertAgrees<X86_64>();

    [Fact]
    public void Arm64_agrees_with_every_vector() => AssertAgrees<Arm64>();

    [Fact]
    public void Vectors_cover_every_kernel_function_of_x86_64() => AssertCovered<X86_64>();

    [Fact]
    public void Vectors_cover_every_kernel_function_of_arm64() => AssertCovered<Arm64>();

    private static void AssertAgrees<TArch>()
        where TArch : struct, IArch
    {
        var wrong =
            from vector in GoldenVector.Read(TArch.Architecture)
            let actual = GoldenFunctions<TArch>.All[vector.Function].Apply(vector)
            where actual != vector.Output
            select $"{vector}: got 0x{actual:x16} instead of 0x{vector.Output:x16}";
        Assert.Empty(wrong);
    }

    private static void AssertCovered<TArch>()
        where TArch : struct, IArch
    {
        var vectors = GoldenVector.Read(TArch.Architecture);
        var functions = GoldenFunctions<TArch>.All;
        Assert.True(vectors.Count >= FewestOfFile, $"only {vectors.Count} vectors");
        Assert.All(
            functions.Keys,
            name =>
                Assert.True(
                    vectors.Count(vector => vector.Function == name) >= FewestOfFunction,
                    $"fewer than {FewestOfFunction} vectors of {name}"
                )
        );

        var expected = typeof(IArch)
            .GetMethods()
            .Where(method => !method.IsSpecialName)
            .Select(method => method.Name)
            .Except(NotKernelFunctions);
        Assert.Empty(expected.Except(functions.Values.Select(function => function.Member)));
    }
}
