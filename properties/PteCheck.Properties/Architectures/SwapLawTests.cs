using FsCheck.Xunit;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Architectures;

/// <summary>Non-present words: what goes in comes out, and the helpers of present entries do not fit them.</summary>
public sealed class SwapLawTests
{
    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void What_is_encoded_is_decoded(SwapWord swap)
    {
        Check<X86_64>(swap);
        Check<Arm64>(swap);

        static void Check<TArch>(SwapWord swap)
            where TArch : struct, IArch
        {
            var pte = swap.Encode<TArch>();
            Assert.Equal(Expected<TArch>(swap), Decode<TArch>(pte));
            Assert.Equal(
                Expected<TArch>(swap with { Exclusive = false }),
                Decode<TArch>(TArch.PteSwpClearExclusive(pte))
            );
            Assert.Equal(
                Expected<TArch>(swap with { UffdWp = false }),
                Decode<TArch>(TArch.PteSwpClearUffdWp(pte))
            );
            Assert.Equal(
                Expected<TArch>(swap with { SoftDirty = false }),
                Decode<TArch>(TArch.PteSwpClearSoftDirty(pte))
            );
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void A_swap_word_is_neither_present_nor_none(SwapWord swap)
    {
        Check<X86_64>(swap.Encode<X86_64>());
        Check<Arm64>(swap.Encode<Arm64>());

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            Assert.False(TArch.PteNone(pte));
            Assert.False(TArch.PtePresent(pte));
            Assert.False(TArch.PteHwPresent(pte));
            Assert.False(TArch.PteProtnone(pte));
            Assert.False(TArch.PteAccessible(pte, flushPending: true));
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void The_helper_of_present_entries_gives_the_wrong_bit(SwapWord swap)
    {
        Check<X86_64>(swap with { SoftDirty = false, UffdWp = false });
        Check<Arm64>(swap with { SoftDirty = false, UffdWp = false });

        static void Check<TArch>(SwapWord unmarked)
            where TArch : struct, IArch
        {
            var pte = unmarked.Encode<TArch>();
            Assert.False(TArch.PteSwpUffdWp(TArch.PteMkUffdWp(pte)));
            Assert.False(TArch.PteSwpSoftDirty(TArch.PteMkSoftDirty(pte)));
            Assert.NotEqual(TArch.PteSwpMkUffdWp(pte), TArch.PteMkUffdWp(pte));
            Assert.Equal(TArch.PteUffdWp(pte), TArch.PteUffdWp(TArch.PteSwpMkUffdWp(pte)));
            Assert.Equal(TArch.PteSoftDirty(pte), TArch.PteSoftDirty(TArch.PteSwpMkSoftDirty(pte)));
            Assert.Equal(
                TArch.HasSoftDirty,
                TArch.PteSwpMkSoftDirty(pte) != TArch.PteMkSoftDirty(pte)
            );
        }
    }

    private static SwapWord Expected<TArch>(SwapWord swap)
        where TArch : struct, IArch =>
        swap with
        {
            SoftDirty = swap.SoftDirty && TArch.HasSoftDirty,
        };

    private static SwapWord Decode<TArch>(Pte pte)
        where TArch : struct, IArch =>
        new(
            TArch.SwpType(pte),
            TArch.SwpOffset(pte),
            TArch.PteSwpExclusive(pte),
            TArch.PteSwpUffdWp(pte),
            TArch.PteSwpSoftDirty(pte)
        );
}
