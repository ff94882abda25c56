using FsCheck.Xunit;
using PteCheck.Model.Architectures;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Architectures;

/// <summary>Explicit TLBs over random sequences of stores, flushes and notifier calls.</summary>
public sealed class ExplicitTlbLawTests
{
    private const int Steps = 40;
    private const int Pages = 2 * ExplicitTlbMachine<X86_64>.Slots;

    [Property]
    public void Walking_only_what_an_event_may_have_changed_is_enough(int seed)
    {
        Check<X86_64>(seed);
        Check<Arm64>(seed);

        static void Check<TArch>(int seed)
            where TArch : struct, IArch
        {
            var random = new Random(seed);
            var small = Filled<TArch>(random);
            var incremental = small.Follow();
            var full = small.Follow(fullRewalk: true);
            for (var step = 0; step < Steps; step++)
            {
                Step(small, random);
                Assert.True(
                    full.Entries.ToHashSet().SetEquals(incremental.Entries),
                    $"differ after step {step}"
                );
            }
        }
    }

    [Property]
    public void Random_fills_stay_within_those_of_the_maximal_adversary(int seed)
    {
        Check<X86_64>(seed);
        Check<Arm64>(seed);

        static void Check<TArch>(int seed)
            where TArch : struct, IArch
        {
            var random = new Random(seed);
            var small = Filled<TArch>(random);
            var maximal = small.Follow();
            var chosen = small.Follow(fillSeed: (ulong)seed);
            var again = small.Follow(fillSeed: (ulong)seed);
            for (var step = 0; step < Steps; step++)
            {
                Step(small, random);
                Assert.Subset(maximal.Entries.ToHashSet(), chosen.Entries.ToHashSet());
                Assert.Subset(
                    ExplicitTlbMachine<TArch>.Collect(maximal).ToHashSet(),
                    ExplicitTlbMachine<TArch>.Collect(chosen).ToHashSet()
                );
            }

            Assert.Equal(
                ExplicitTlbMachine<TArch>.Collect(chosen),
                ExplicitTlbMachine<TArch>.Collect(again)
            );
        }
    }

    [Property]
    public void A_flush_leaves_what_stands_there_and_all_of_other_pages(int seed)
    {
        Check<X86_64>(seed);
        Check<Arm64>(seed);

        static void Check<TArch>(int seed)
            where TArch : struct, IArch
        {
            var random = new Random(seed);
            var small = Filled<TArch>(random);
            var tlbs = small.Follow();
            for (var step = 0; step < Steps; step++)
            {
                Step(small, random);
            }

            var first = (uint)random.Next(Pages);
            var pages = random.Next(1, 6);
            var before = ExplicitTlbMachine<TArch>.Collect(tlbs);
            small.Event(Primitive.TlbFlushRange, mm: 0, first, pages);
            var after = ExplicitTlbMachine<TArch>.Collect(tlbs);
            var fresh = ExplicitTlbMachine<TArch>.Collect(small.Follow());

            Assert.Equal(fresh.Where(Flushed), after.Where(Flushed));
            Assert.Equal(before.Where(Kept), after.Where(Kept));

            bool Flushed(Translation translation) =>
                translation.Mm == 0
                && translation.Cpu != ExplicitTlbMachine<TArch>.Secondary
                && translation.Vpn - first < (uint)pages;

            bool Kept(Translation translation) => !Flushed(translation);
        }
    }

    [Property]
    public void Between_start_and_end_the_secondary_mmu_has_nothing_of_the_range(int seed)
    {
        Check<X86_64>(seed);
        Check<Arm64>(seed);

        static void Check<TArch>(int seed)
            where TArch : struct, IArch
        {
            var random = new Random(seed);
            var small = Filled<TArch>(random);
            var tlbs = small.Follow();
            var first = (uint)random.Next(Pages);
            var pages = random.Next(1, 6);
            var others = ExplicitTlbMachine<TArch>.Collect(tlbs).Where(IsOther).ToList();
            small.Event(Primitive.NotifierStart, mm: 0, first, pages);
            Assert.Equal(others, ExplicitTlbMachine<TArch>.Collect(tlbs));
            for (var count = 0; count < Steps; count++)
            {
                StoreSomewhere(small, random);
            }

            Assert.All(
                ExplicitTlbMachine<TArch>.Collect(tlbs),
                translation => Assert.True(IsOther(translation))
            );
            small.Event(Primitive.NotifierEnd, mm: 0, first, pages);
            Assert.Subset(
                ExplicitTlbMachine<TArch>.Collect(tlbs).ToHashSet(),
                ExplicitTlbMachine<TArch>.Collect(small.Follow()).ToHashSet()
            );

            bool IsOther(Translation translation) =>
                translation.Mm != 0
                || translation.Cpu != ExplicitTlbMachine<TArch>.Secondary
                || translation.Vpn - first >= (uint)pages;
        }
    }

    [Property]
    public void Collect_is_sorted_distinct_and_has_every_live_translation(int seed)
    {
        var random = new Random(seed);
        var small = Filled<Arm64>(random);
        var tlbs = small.Follow();
        for (var step = 0; step < Steps; step++)
        {
            Step(small, random);
        }

        var collected = ExplicitTlbMachine<Arm64>.Collect(tlbs);
        for (var index = 1; index < collected.Count; index++)
        {
            Assert.True(Translation.Compare(collected[index - 1], collected[index]) < 0);
        }

        for (uint vpn = 0; vpn < Pages; vpn++)
        {
            var pte = small.Machine.PteAt(0, vpn);
            var rights = Arm64.HardwareRights(pte, small.Machine.Context);
            if (rights != TlbRights.None && (small.Machine.Mms[0].CpuMask & 1) != 0)
            {
                var live = new Translation(
                    0,
                    0,
                    vpn,
                    Arm64.PtePfn(pte),
                    rights,
                    Arm64.PteCont(pte)
                );
                Assert.Contains(live, collected);
            }
        }
    }

    [Fact]
    public void Random_fills_leave_something_out()
    {
        var small = new ExplicitTlbMachine<X86_64>();
        for (var slot = 0; slot < ExplicitTlbMachine<X86_64>.Slots; slot++)
        {
            small.Store(0, slot, ExplicitTlbMachine<X86_64>.Readable(0x100 + (ulong)slot));
        }

        var chosen = small.Follow(fillSeed: 1).Entries.Count;
        Assert.InRange(chosen, 1, small.Follow().Entries.Count - 1);
    }

    private static ExplicitTlbMachine<TArch> Filled<TArch>(Random random)
        where TArch : struct, IArch
    {
        var small = new ExplicitTlbMachine<TArch>((uint)random.Next(4), (uint)random.Next(4));
        for (var count = random.Next(3 * ExplicitTlbMachine<TArch>.Slots); count > 0; count--)
        {
            StoreSomewhere(small, random);
        }

        return small;
    }

    private static void Step<TArch>(ExplicitTlbMachine<TArch> small, Random random)
        where TArch : struct, IArch
    {
        var mm = random.Next(2);
        var first = (uint)random.Next(Pages);
        var pages = random.Next(1, 6);
        switch (random.Next(10))
        {
            case 0:
            case 1:
                small.Event(Primitive.TlbFlushRange, mm, first, pages);
                break;
            case 2:
                small.Event(Primitive.TlbFlushMm, mm);
                break;
            case 3:
                small.Event(Primitive.NotifierStart, mm, first, pages);
                break;
            case 4:
                small.Event(Primitive.NotifierEnd, mm, first, pages);
                break;
            default:
                StoreSomewhere(small, random);
                break;
        }
    }

    /// <summary>An entry that fits its place in a block, with CONT or not, or what the hardware does not see.</summary>
    private static void StoreSomewhere<TArch>(ExplicitTlbMachine<TArch> small, Random random)
        where TArch : struct, IArch
    {
        var table = random.Next(small.Machine.TableCount);
        var slot = random.Next(ExplicitTlbMachine<TArch>.Slots);
        var pte = ExplicitTlbMachine<TArch>.Readable((ulong)((16 * random.Next(1, 3)) + slot));
        pte = random.Next(2) == 0 ? TArch.PteMkWriteNoVma(pte, small.Machine.Context) : pte;
        pte = random.Next(2) == 0 ? TArch.PteMkDirty(pte) : pte;
        pte = random.Next(2) == 0 ? TArch.PteMkCont(pte) : pte;
        pte = random.Next(6) switch
        {
            0 => Pte.None,
            1 => TArch.PteModify(pte, TArch.PageNone),
            _ => pte,
        };
        small.Store(table, slot, pte);
    }
}
