using FsCheck.Xunit;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Architectures;

/// <summary>pte_modify, pte_advance_pfn, the batch key and shadow-stack entries over random valid words.</summary>
public sealed class PteModifyLawTests
{
    private const int MostPages = 512;

    private static readonly PteContext Today = new(
        KernelVersion.V7_2,
        ShadowStack: false,
        Bbml2: false
    );

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Pte_modify_takes_the_rights_and_keeps_all_else(X86Entry x86, Arm64Entry arm64)
    {
        Check<X86_64>(x86.Pte);
        Check<Arm64>(arm64.Pte);

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            foreach (var prot in Protections<TArch>())
            {
                var modified = TArch.PteModify(pte, prot);
                Assert.Equal(WithRights<TArch>(Facts<TArch>(pte), prot), Facts<TArch>(modified));
                Assert.Equal(modified, TArch.PteModify(modified, prot));
            }
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Pte_modify_to_protnone_and_back_restores_the_entry(X86Entry x86, Arm64Entry arm64)
    {
        Check<X86_64>(x86.Pte);
        Check<Arm64>(arm64.Pte);

        static void Check<TArch>(Pte pte)
            where TArch : struct, IArch
        {
            foreach (var prot in Protections<TArch>())
            {
                var before = TArch.PteModify(pte, prot);
                var protnone = TArch.PteModify(before, TArch.PageNone);
                var after = TArch.PteModify(protnone, prot);
                Assert.Equal(TArch.PtePfn(pte), TArch.PtePfn(protnone));
                Assert.Equal(Facts<TArch>(before), Facts<TArch>(after));
            }
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void Pte_advance_pfn_moves_the_pfn_alone(X86Entry x86, Arm64Entry arm64, ushort pages)
    {
        Check<X86_64>(x86.Pte, X86_64.PfnMask, pages % MostPages);
        Check<Arm64>(arm64.Pte, Arm64.AddressMask, pages % MostPages);

        static void Check<TArch>(Pte pte, ulong pfnMask, int nr)
            where TArch : struct, IArch
        {
            // Keep clear of the last pages of the field, where a folio cannot continue.
            var room = TArch.PtePfn(pte) & ~(ulong)(2 * MostPages - 1);
            pte = TArch.PfnPte(room, new(pte.Word & ~pfnMask));
            var advanced = TArch.PteAdvancePfn(pte, nr);
            Assert.Equal(Facts<TArch>(pte) with { Pfn = room + (ulong)nr }, Facts<TArch>(advanced));
            Assert.Equal(pte.Word & ~pfnMask, advanced.Word & ~pfnMask);
            var steps = pte;
            for (var step = 0; step < nr; step++)
            {
                steps = TArch.PteAdvancePfn(steps, 1);
            }

            Assert.Equal(advanced, steps);
        }
    }

    [Property(Arbitrary = [typeof(PteArbitraries)])]
    public void X86_shadow_stack_entries_are_writable_without_rw(X86Entry x86)
    {
        var context = Today with { ShadowStack = true };
        var entry = X86_64.PteMkWrite(x86.Pte, shadowStackVma: true, context);
        Assert.Equal(0UL, entry.Word & X86_64.Rw);
        Assert.True(X86_64.PteWrite(entry, context));
        Assert.False(X86_64.PteWrite(entry, Today));
        Assert.False(X86_64.PteWrite(X86_64.PteWrProtect(entry), context));
        Assert.True(X86_64.PteDirty(X86_64.PteWrProtect(entry)));
        Assert.False(X86_64.PteWrite(X86_64.PteMkDirty(entry), context));

        var stillThere = X86_64.PteModify(entry, X86_64.PageReadOnly(executable: false));
        Assert.True(X86_64.PteWrite(stillThere, context));
    }

    private static Pte[] Protections<TArch>()
        where TArch : struct, IArch
    {
        var readOnly = TArch.PageReadOnly(executable: false);
        var executable = TArch.PageReadOnly(executable: true);
        return
        [
            TArch.PageNone,
            readOnly,
            executable,
            TArch.PteMkWriteNoVma(readOnly, Today),
            TArch.PteMkWriteNoVma(executable, Today),
        ];
    }

    private static PteFacts WithRights<TArch>(PteFacts facts, Pte prot)
        where TArch : struct, IArch =>
        facts with
        {
            HardwarePresent = TArch.PteHwPresent(prot),
            Protnone = TArch.PteProtnone(prot),
            Write = TArch.PteWrite(prot, Today),
        };

    private static PteFacts Facts<TArch>(Pte pte)
        where TArch : struct, IArch => PteFacts.Of<TArch>(pte, Today);
}
