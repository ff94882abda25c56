using FsCheck.Xunit;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Architectures;

/// <summary>
/// What each helper does to a present entry and what it must leave alone, over random valid words;
/// the laws of mm/debug_vm_pgtable.c and those that batching relies on beside them.
/// </summary>
public sealed class PteLawTests
{
    private static readonly PteContext Today = new(
        KernelVersion.V7_2,
        ShadowStack: false,
        Bbml2: false
    );

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Young_changes_nothing_else(X86Entry x86, Arm64Entry arm64)
    {
        Check<X86_64>(x86.Pte);
        Check<Arm64>(arm64.Pte);

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            var before = Facts<TArch>(pte);
            Assert.Equal(before with { Young = true }, Facts<TArch>(TArch.PteMkYoung(pte)));
            Assert.Equal(before with { Young = false }, Facts<TArch>(TArch.PteMkOld(pte)));
            var back = before.Young
                ? TArch.PteMkYoung(TArch.PteMkOld(pte))
                : TArch.PteMkOld(TArch.PteMkYoung(pte));
            Assert.Equal(pte, back);
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Dirty_changes_nothing_else_but_soft_dirty(X86Entry x86, Arm64Entry arm64)
    {
        Check<X86_64>(x86.Pte);
        Check<Arm64>(arm64.Pte);

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            var before = Facts<TArch>(pte);
            var dirty = TArch.PteMkDirty(pte);
            Assert.Equal(
                before with
                {
                    Dirty = true,
                    SoftDirty = TArch.HasSoftDirty,
                },
                Facts<TArch>(dirty)
            );
            Assert.Equal(before with { Dirty = false }, Facts<TArch>(TArch.PteMkClean(pte)));
            Assert.Equal(dirty, TArch.PteMkDirty(dirty));
            if (!before.Dirty)
            {
                var softDirtyAgain = before.SoftDirty ? pte : TArch.PteMkSoftDirty(pte);
                Assert.Equal(softDirtyAgain, TArch.PteMkClean(dirty));
            }
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Write_protection_keeps_dirty_and_all_else(X86Entry x86, Arm64Entry arm64)
    {
        Check<X86_64>(x86.Pte);
        Check<Arm64>(arm64.Pte);

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            var readOnly = TArch.PteWrProtect(pte);
            Assert.Equal(Facts<TArch>(pte) with { Write = false }, Facts<TArch>(readOnly));
            Assert.Equal(readOnly, TArch.PteWrProtect(readOnly));
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Write_keeps_dirty_and_all_else(X86Entry x86, Arm64Entry arm64)
    {
        Check<X86_64>(x86.Pte);
        Check<Arm64>(arm64.Pte);

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            var before = Facts<TArch>(pte) with { Write = true };
            var writable = TArch.PteMkWrite(pte, shadowStackVma: false, Today);
            Assert.Equal(before, Facts<TArch>(writable));
            Assert.Equal(before, Facts<TArch>(TArch.PteMkWriteNoVma(pte, Today)));
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Write_and_write_protection_undo_each_other(X86Entry x86, Arm64Entry arm64)
    {
        Check<X86_64>(x86.Pte);
        Check<Arm64>(arm64.Pte);

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            var readOnly = TArch.PteWrProtect(pte);
            var writable = TArch.PteMkWrite(readOnly, shadowStackVma: false, Today);
            Assert.Equal(readOnly, TArch.PteWrProtect(writable));
            Assert.Equal(Facts<TArch>(pte) with { Write = true }, Facts<TArch>(writable));
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Arm64_write_of_a_clean_entry_was_a_store_before_6_18(Arm64Entry arm64)
    {
        var before = PteFacts.Of<Arm64>(arm64.Pte, Today);
        foreach (var kernel in new[] { KernelVersion.V6_15, KernelVersion.V6_17 })
        {
            var writable = Arm64.PteMkWriteNoVma(arm64.Pte, Today with { Kernel = kernel });
            Assert.Equal(before with { Write = true, Dirty = true }, Facts<Arm64>(writable));
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Uffd_wp_takes_write_and_does_not_give_it_back(X86Entry x86, Arm64Entry arm64)
    {
        Check<X86_64>(x86.Pte);
        Check<Arm64>(arm64.Pte);

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            var before = Facts<TArch>(pte);
            var armed = TArch.PteMkUffdWp(pte);
            Assert.Equal(before with { UffdWp = true, Write = false }, Facts<TArch>(armed));
            Assert.Equal(
                before with
                {
                    UffdWp = false,
                    Write = false,
                },
                Facts<TArch>(TArch.PteClearUffdWp(armed))
            );
            Assert.Equal(before with { UffdWp = false }, Facts<TArch>(TArch.PteClearUffdWp(pte)));
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Soft_dirty_special_and_cont_change_nothing_else(X86Entry x86, Arm64Entry arm64)
    {
        Check<X86_64>(x86.Pte);
        Check<Arm64>(arm64.Pte);

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            var before = Facts<TArch>(pte);
            Assert.Equal(
                before with
                {
                    SoftDirty = TArch.HasSoftDirty,
                },
                Facts<TArch>(TArch.PteMkSoftDirty(pte))
            );
            Assert.Equal(
                before with
                {
                    SoftDirty = false,
                },
                Facts<TArch>(TArch.PteClearSoftDirty(pte))
            );
            Assert.Equal(before with { Special = true }, Facts<TArch>(TArch.PteMkSpecial(pte)));
            Assert.Equal(
                before with
                {
                    Cont = TArch.HasContpte,
                },
                Facts<TArch>(TArch.PteMkCont(pte))
            );
            Assert.Equal(before with { Cont = false }, Facts<TArch>(TArch.PteMkNonCont(pte)));
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Protnone_is_present_but_not_to_the_hardware(X86Entry x86, Arm64Entry arm64)
    {
        Check<X86_64>(x86.Pte);
        Check<Arm64>(arm64.Pte);

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            var protnone = TArch.PteProtnone(pte);
            Assert.True(TArch.PtePresent(pte));
            Assert.Equal(!protnone, TArch.PteHwPresent(pte));
            Assert.Equal(!protnone, TArch.PteAccessible(pte, flushPending: false));
            Assert.True(TArch.PteAccessible(pte, flushPending: true));
            Assert.False(TArch.PteAccessible(Pte.None, flushPending: true));
            Assert.True(TArch.PteProtnone(TArch.PteModify(pte, TArch.PageNone)));
        }
    }

    private static PteFacts Facts<TArch>(Pte pte)
        where TArch : struct, IArch => PteFacts.Of<TArch>(pte, Today);
}
