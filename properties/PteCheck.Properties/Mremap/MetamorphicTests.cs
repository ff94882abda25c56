using FsCheck.Xunit;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Properties.Generation;

namespace PteCheck.Properties.Mremap;

/// <summary>What must be true of the reference whatever a single move does: there and back, and in two parts.</summary>
public sealed class MetamorphicTests
{
    private const int Tests = 300;

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = Tests)]
    public void Moving_there_and_back_restores_kinds_pages_and_write_bits(DrawnScenario drawn)
    {
        ReferenceTests.OnBoth(drawn, Check, Check);

        static void Check<TArch>(ReferenceMove<TArch> move)
            where TArch : struct, IArch
        {
            var call = move.Call;
            var back = call with
            {
                Vma = call.NewVma,
                NewVma = call.Vma,
                Vpn = call.NewVpn,
                NewVpn = call.Vpn,
            };
            var returned = move.Run(move.Final, back);
            for (var page = 0u; page < call.Pages; page++)
            {
                var before = move.Source(page);
                var after = returned.PteAt(call.Mm, call.Vpn + page);
                Assert.True(TArch.PteNone(returned.PteAt(call.Mm, call.NewVpn + page)));
                Assert.Equal(
                    move.IsDropped(before) ? "none" : KindOf<TArch>(before, move.Initial),
                    KindOf<TArch>(after, returned)
                );
            }
        }
    }

    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = Tests)]
    public void Two_calls_move_what_one_call_moves(DrawnScenario drawn, byte cut)
    {
        ReferenceTests.OnBoth(drawn, Check, Check);

        void Check<TArch>(ReferenceMove<TArch> move)
            where TArch : struct, IArch
        {
            var call = move.Call;
            if (move.Initial.FindTable(call.Mm, call.NewVpn) < 0)
            {
                // In one call the table may move whole, with its entries untouched.
                return;
            }

            var first = call.Pages * cut / 256;
            var half = new Machine();
            half.CopyFrom(move.Run(move.Initial, call with { Pages = first }));
            var whole = move.Run(
                half,
                call with
                {
                    Vpn = call.Vpn + first,
                    NewVpn = call.NewVpn + first,
                    Pages = call.Pages - first,
                }
            );
            Assert.True(whole.SamePtes(move.Final));
            Assert.True(whole.SamePages(move.Final));
            Assert.True(whole.SameCounts(move.Final));
        }
    }

    /// <summary>Kind, page or payload, and whether it is writable.</summary>
    private static string KindOf<TArch>(Pte pte, Machine machine)
        where TArch : struct, IArch
    {
        if (TArch.PteNone(pte))
        {
            return "none";
        }

        return TArch.PtePresent(pte)
            ? $"present {TArch.PtePfn(pte)} {TArch.PteWrite(pte, machine.Context)} {TArch.PteProtnone(pte)} {TArch.PteSpecial(pte)}"
            : $"{TArch.SwpType(pte)} {TArch.SwpOffset(pte)} {TArch.PteSwpExclusive(pte)}";
    }
}
