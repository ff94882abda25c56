using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Architectures;

/// <summary>One helper gone wrong in one way.</summary>
/// <param name="Function">The kernel's name of the helper.</param>
/// <param name="Change">What is wrong with it.</param>
/// <param name="Apply">The wrong helper.</param>
public sealed record PrimitiveMutant(
    string Function,
    string Change,
    Func<GoldenVector, ulong> Apply
);

/// <summary>
/// Makes the mutants of every helper: outputs that are wrong in one bit, or constant, or those of
/// another helper. A mutant that no operand tells from the helper is none, so a sample of operands
/// sorts those out.
/// </summary>
public static class PrimitiveMutants<TArch>
    where TArch : struct, IArch
{
    private const int WordBits = 64;
    private const int SamplesPerFunction = 2000;

    /// <summary>Helpers of two operands, which cannot stand in for those of one.</summary>
    private static readonly HashSet<string> Binary = new(StringComparer.Ordinal)
    {
        "pte_modify",
        "pte_needs_flush",
        "pte_advance_pfn",
        "pte_batch_hint",
        "pfn_pte",
        "swp_entry_pte",
        "fpb_key",
        "fpb_key_615",
    };

    /// <summary>Every mutant of <paramref name="name"/> that differs from the helper somewhere.</summary>
    public static IEnumerable<PrimitiveMutant> Of(string name, IReadOnlyList<GoldenVector> vectors)
    {
        var function = GoldenFunctions<TArch>.All[name];
        var samples = Samples(name, [.. vectors.Where(vector => vector.Function == name)]);
        return Candidates(name, function)
            .Where(mutant =>
                samples.Exists(sample => mutant.Apply(sample) != function.Apply(sample))
            );
    }

    private static IEnumerable<PrimitiveMutant> Candidates(string name, GoldenFunction function)
    {
        var outputs = function.Result switch
        {
            GoldenResult.Word => WrongWords(function.Apply),
            GoldenResult.Number => WrongNumbers(function.Apply),
            _ => WrongAnswers(function.Apply),
        };
        var others = GoldenFunctions<TArch>
            .All.Where(other =>
                other.Key != name
                && other.Value.Result == function.Result
                && Binary.Contains(name) == Binary.Contains(other.Key)
                && !Binary.Contains(name)
            )
            .Select(other => ($"{other.Key} instead", other.Value.Apply));
        return outputs
            .Concat(others)
            .Select(mutant => new PrimitiveMutant(name, mutant.Item1, mutant.Item2));
    }

    private static IEnumerable<(string, Func<GoldenVector, ulong>)> WrongAnswers(
        Func<GoldenVector, ulong> apply
    ) => [("negated", vector => apply(vector) ^ 1), ("false", _ => 0), ("true", _ => 1)];

    private static IEnumerable<(string, Func<GoldenVector, ulong>)> WrongNumbers(
        Func<GoldenVector, ulong> apply
    )
    {
        yield return ("zero", _ => 0);
        yield return ("one", _ => 1);
        yield return ("one more", vector => apply(vector) + 1);
        for (var index = 0; index < WordBits; index++)
        {
            var bit = 1UL << index;
            yield return ($"bit {index} flipped", vector => apply(vector) ^ bit);
            yield return ($"bit {index} cleared", vector => apply(vector) & ~bit);
            yield return ($"bit {index} set", vector => apply(vector) | bit);
        }
    }

    private static IEnumerable<(string, Func<GoldenVector, ulong>)> WrongWords(
        Func<GoldenVector, ulong> apply
    )
    {
        yield return ("identity", vector => vector.Input);
        yield return ("its argument", vector => vector.Argument);
        for (var index = 0; index < WordBits; index++)
        {
            var bit = 1UL << index;
            yield return ($"bit {index} flipped", vector => apply(vector) ^ bit);
            yield return ($"bit {index} cleared", vector => apply(vector) & ~bit);
            yield return ($"bit {index} set", vector => apply(vector) | bit);
            yield return (
                $"bit {index} of the input",
                vector => (apply(vector) & ~bit) | (vector.Input & bit)
            );
        }
    }

    /// <summary>Operands like those of the vectors: the same contexts, words near theirs and far from them.</summary>
    private static List<GoldenVector> Samples(string name, List<GoldenVector> vectors)
    {
        var random = new Random(1);
        List<GoldenVector> samples = [.. vectors];
        for (var count = 0; count < SamplesPerFunction; count++)
        {
            var vector = vectors[random.Next(vectors.Count)];
            var sample = vector with
            {
                Input = Operand(random, vector.Input) & InputMask(name),
                Argument = Operand(random, vector.Argument) & ArgumentMask(name),
            };
            if (name != "pte_advance_pfn" || StaysInField(sample))
            {
                samples.Add(sample);
            }
        }

        return samples;
    }

    /// <summary>No folio reaches past the last PFN, so what pte_advance_pfn does there is left open.</summary>
    private static bool StaysInField(GoldenVector vector) =>
        TArch.PtePfn(new(vector.Input)) + vector.Argument < 1UL << TArch.PfnBits;

    private static ulong Operand(Random random, ulong near) =>
        random.Next(2) == 0
            ? near ^ (1UL << random.Next(WordBits))
            : (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    private static ulong InputMask(string name) =>
        name switch
        {
            "swp_entry_pte" => (ulong)SwapType.Marker,
            "pfn_pte" => (1UL << TArch.PfnBits) - 1,
            _ => ulong.MaxValue,
        };

    private static ulong ArgumentMask(string name) =>
        name switch
        {
            "pte_modify" or "pte_needs_flush" or "pfn_pte" => ulong.MaxValue,
            "swp_entry_pte" => (1UL << 50) - 1,
            "pte_advance_pfn" or "pte_batch_hint" => 511,
            "fpb_key" => 7,
            "fpb_key_615" => 3,
            _ => 0,
        };
}
