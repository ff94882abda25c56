using FsCheck;
using FsCheck.Fluent;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Architectures;

/// <summary>A present x86-64 word, hardware-present or protnone, as kernels without shadow stacks make them.</summary>
public readonly record struct X86Entry(Pte Pte);

/// <summary>A present arm64 word, valid or protnone, in one of the four states of the dirty table.</summary>
public readonly record struct Arm64Entry(Pte Pte);

/// <summary>A non-present entry that owns a type, an offset and flags.</summary>
/// <param name="Type">0 to 31.</param>
/// <param name="Offset">1 to 2^50 - 2, since the kernel never hands out a word that would read as none.</param>
/// <param name="Exclusive">pte_swp_exclusive.</param>
/// <param name="UffdWp">pte_swp_uffd_wp.</param>
/// <param name="SoftDirty">pte_swp_soft_dirty, where the architecture has it.</param>
public readonly record struct SwapWord(
    SwapType Type,
    ulong Offset,
    bool Exclusive,
    bool UffdWp,
    bool SoftDirty
)
{
    /// <summary>The word of this entry.</summary>
    public Pte Encode<TArch>()
        where TArch : struct, IArch
    {
        var pte = TArch.SwpEntryToPte(Type, Offset);
        pte = Exclusive ? TArch.PteSwpMkExclusive(pte) : pte;
        pte = UffdWp ? TArch.PteSwpMkUffdWp(pte) : pte;
        return SoftDirty ? TArch.PteSwpMkSoftDirty(pte) : pte;
    }
}

/// <summary>Draws words bit by bit, makes them valid, and shrinks them by clearing bits.</summary>
public static class PteArbitraries
{
    private const ulong LastOffset = (1UL << 50) - 2;

    /// <summary>Valid present x86-64 words.</summary>
    public static Arbitrary<X86Entry> X86() =>
        Valid(word => new X86Entry(new(MakeValidX86(word))), entry => entry.Pte.Word);

    /// <summary>Valid present arm64 words.</summary>
    public static Arbitrary<Arm64Entry> Arm() =>
        Valid(word => new Arm64Entry(new(MakeValidArm64(word))), entry => entry.Pte.Word);

    /// <summary>Swap, migration and marker entries.</summary>
    public static Arbitrary<SwapWord> Swap() =>
        Arb.From(
            from word in Words
            from type in Gen.Choose(0, 31)
            from flags in Gen.Choose(0, 7)
            select new SwapWord(
                (SwapType)type,
                (word % LastOffset) + 1,
                (flags & 1) != 0,
                (flags & 2) != 0,
                (flags & 4) != 0
            )
        );

    private static Gen<ulong> Words =>
        Gen.Choose(0, ushort.MaxValue)
            .ArrayOf(4)
            .Select(parts => parts.Aggregate(0UL, (word, part) => (word << 16) | (uint)part));

    private static Arbitrary<T> Valid<T>(Func<ulong, T> make, Func<T, ulong> wordOf) =>
        Arb.From(Words.Select(make), entry => Smaller(entry, make, wordOf));

    private static IEnumerable<T> Smaller<T>(T entry, Func<ulong, T> make, Func<T, ulong> wordOf)
    {
        var word = wordOf(entry);
        for (var bit = 63; bit >= 0; bit--)
        {
            var smaller = make(word & ~(1UL << bit));
            if (wordOf(smaller) < word)
            {
                yield return smaller;
            }
        }
    }

    private static ulong MakeValidX86(ulong word)
    {
        if ((word & X86_64.Present) == 0)
        {
            word = (word | X86_64.GlobalOrProtnone) & ~(X86_64.Rw | X86_64.User);
        }

        // Dirty lives in the one bit or the other, as RW has it.
        return (word & X86_64.Rw) != 0 ? word & ~X86_64.SavedDirty : word & ~X86_64.Dirty;
    }

    private static ulong MakeValidArm64(ulong word)
    {
        word |= Arm64.TypePage;
        if ((word & Arm64.Valid) == 0)
        {
            word = (word | Arm64.NotGlobal | Arm64.Uxn) & ~(Arm64.User | Arm64.Write);
        }

        // Without WRITE there is always RDONLY.
        return (word & Arm64.Write) != 0 ? word : word | Arm64.ReadOnly;
    }
}
