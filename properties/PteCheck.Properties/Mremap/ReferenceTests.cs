using FsCheck.Xunit;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.Mremap;

/// <summary>
/// The reference is what everything else is compared with, so it is checked here against what a move
/// must do, entry by entry and by nothing but the machine before and after.
/// </summary>
public sealed class ReferenceTests
{
    private const int Tests = 300;

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = Tests)]
    public void Every_entry_leaves_its_source_and_arrives(DrawnScenario drawn)
    {
        OnBoth(drawn, Check, Check);

        static void Check<TArch>(ReferenceMove<TArch> move)
            where TArch : struct, IArch
        {
            for (var page = 0u; page < move.Call.Pages; page++)
            {
                var source = move.Source(page);
                Assert.True(TArch.PteNone(move.Final.PteAt(move.Call.Mm, move.Call.Vpn + page)));
                Assert.Equal(
                    TArch.PteNone(source) || move.IsDropped(source),
                    TArch.PteNone(move.Moved(page))
                );
            }
        }
    }

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = Tests)]
    public void Pages_swap_entries_and_rights_stay_what_they_are(DrawnScenario drawn)
    {
        OnBoth(drawn, Check, Check);

        static void Check<TArch>(ReferenceMove<TArch> move)
            where TArch : struct, IArch =>
            ForEachMoved(
                move,
                (_, source, moved) =>
                {
                    Assert.Equal(TArch.PtePresent(source), TArch.PtePresent(moved));
                    if (!TArch.PtePresent(source))
                    {
                        Assert.Equal(TArch.SwpType(source), TArch.SwpType(moved));
                        Assert.Equal(TArch.SwpOffset(source), TArch.SwpOffset(moved));
                        Assert.Equal(TArch.PteSwpExclusive(source), TArch.PteSwpExclusive(moved));
                        return;
                    }

                    var context = move.Initial.Context;
                    Assert.Equal(TArch.PtePfn(source), TArch.PtePfn(moved));
                    Assert.Equal(TArch.PteWrite(source, context), TArch.PteWrite(moved, context));
                    Assert.Equal(TArch.PteProtnone(source), TArch.PteProtnone(moved));
                    Assert.Equal(TArch.PteSpecial(source), TArch.PteSpecial(moved));
                    Assert.Equal(Bare<TArch>(source), Bare<TArch>(moved));
                }
            );
    }

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = Tests)]
    public void Young_and_dirty_are_never_lost(DrawnScenario drawn)
    {
        OnBoth(drawn, Check, Check);

        static void Check<TArch>(ReferenceMove<TArch> move)
            where TArch : struct, IArch =>
            ForEachMoved(
                move,
                (_, source, moved) =>
                {
                    if (!TArch.PtePresent(source))
                    {
                        return;
                    }

                    // One entry at a time: only arm64's blocks may add to what an entry had.
                    bool young = TArch.PteYoung(moved),
                        dirty = TArch.PteDirty(moved);
                    Assert.True(young || !TArch.PteYoung(source));
                    Assert.True(dirty || !TArch.PteDirty(source));
                    Assert.True(TArch.HasContpte || young == TArch.PteYoung(source));
                    Assert.True(TArch.HasContpte || dirty == TArch.PteDirty(source));
                }
            );
    }

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = Tests)]
    public void Soft_dirty_is_set_and_uffd_kept_or_cleared(DrawnScenario drawn)
    {
        OnBoth(drawn, Check, Check);

        static void Check<TArch>(ReferenceMove<TArch> move)
            where TArch : struct, IArch =>
            ForEachMoved(
                move,
                (page, source, moved) =>
                {
                    var present = TArch.PtePresent(source);
                    var softDirty = present
                        ? TArch.PteSoftDirty(moved)
                        : TArch.PteSwpSoftDirty(moved);
                    var before = present
                        ? TArch.PteSoftDirty(source)
                        : TArch.PteSwpSoftDirty(source);
                    Assert.Equal(move.IsWhole(page) ? before : TArch.HasSoftDirty, softDirty);
                    var armed = present ? TArch.PteUffdWp(source) : TArch.PteSwpUffdWp(source);
                    var after = present ? TArch.PteUffdWp(moved) : TArch.PteSwpUffdWp(moved);
                    Assert.Equal(armed && !move.ClearsUffd, after);
                }
            );
    }

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = Tests)]
    public void Counts_do_not_change(DrawnScenario drawn)
    {
        OnBoth(drawn, Check, Check);

        static void Check<TArch>(ReferenceMove<TArch> move)
            where TArch : struct, IArch
        {
            Assert.True(move.Initial.SamePages(move.Final));
            for (var i = 0; i < move.Initial.FolioCount; i++)
            {
                Assert.Equal(move.Initial.Folios[i], move.Final.Folios[i]);
            }

            for (var i = 0; i < move.Initial.MmCount; i++)
            {
                Assert.Equal(CountsOf(move.Initial.Mms[i]), CountsOf(move.Final.Mms[i]));
            }
        }
    }

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = Tests)]
    public void What_lies_outside_both_ranges_stays_as_it_is(DrawnScenario drawn)
    {
        OnBoth(drawn, Check, Check);

        static void Check<TArch>(ReferenceMove<TArch> move)
            where TArch : struct, IArch
        {
            for (var table = 0; table < move.Initial.TableCount; table++)
            {
                ref readonly var owner = ref move.Initial.Tables[table];
                for (var slot = 0u; slot < move.Initial.Slots; slot++)
                {
                    var vpn = owner.BaseVpn + slot;
                    var touched =
                        owner.Mm == move.Call.Mm
                        && (
                            vpn - move.Call.Vpn < move.Call.Pages
                            || vpn - move.Call.NewVpn < move.Call.Pages
                        );
                    if (!touched)
                    {
                        var before = move.Initial.PteAt(owner.Mm, vpn);
                        var after = move.Final.PteAt(owner.Mm, vpn);
                        Assert.Equal(Smeared<TArch>(before), Smeared<TArch>(after));
                    }
                }
            }
        }
    }

    internal static void OnBoth(
        DrawnScenario drawn,
        Action<ReferenceMove<X86_64>> x86,
        Action<ReferenceMove<Arm64>> arm64
    )
    {
        if (drawn.Scenario.Architecture == Architecture.X86)
        {
            x86(new(drawn.Scenario));
        }
        else
        {
            arm64(new(drawn.Scenario));
        }
    }

    private static void ForEachMoved<TArch>(ReferenceMove<TArch> move, Action<uint, Pte, Pte> check)
        where TArch : struct, IArch
    {
        for (var page = 0u; page < move.Call.Pages; page++)
        {
            var source = move.Source(page);
            if (!TArch.PteNone(source) && !move.IsDropped(source))
            {
                check(page, source, move.Moved(page));
            }
        }
    }

    /// <summary>The word without what a move may change: young, dirty, soft-dirty, uffd-wp, CONT.</summary>
    private static Pte Bare<TArch>(Pte pte)
        where TArch : struct, IArch =>
        Smeared<TArch>(TArch.PteClearSoftDirty(TArch.PteClearUffdWp(pte)));

    /// <summary>The word without what arm64 may change in the rest of a block: young, dirty, CONT.</summary>
    private static Pte Smeared<TArch>(Pte pte)
        where TArch : struct, IArch =>
        TArch.PtePresent(pte) && TArch.HasContpte
            ? TArch.PteMkOld(TArch.PteMkClean(TArch.PteMkNonCont(pte)))
            : pte;

    private static (int Anon, int File, int Shmem, int Swap) CountsOf(in Mm mm) =>
        (mm.RssAnon, mm.RssFile, mm.RssShmem, mm.SwapEntries);
}
