using FsCheck.Xunit;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Primitives;

/// <summary>
/// The batch helper of each generation against its definition: the longest run of entries that map
/// consecutive pages of one folio and agree in every bit that the flags do not ignore.
/// </summary>
public sealed class FolioPteBatchTests
{
    [Property(MaxTest = 400)]
    public void The_helper_of_6_15_is_its_definition_on_x86(int seed, byte flags, byte cap) =>
        Check615<X86_64>(seed, (FpbIgnoreFlags)(flags & 3), cap);

    [Property(MaxTest = 400)]
    public void The_helper_of_6_15_is_its_definition_on_arm64(int seed, byte flags, byte cap) =>
        Check615<Arm64>(seed, (FpbIgnoreFlags)(flags & 3), cap);

    [Property(MaxTest = 400)]
    public void The_helper_since_6_17_is_its_definition_on_x86(int seed, byte flags, byte cap) =>
        CheckFlags<X86_64>(seed, (FpbFlags)(flags & 31), cap);

    [Property(MaxTest = 400)]
    public void The_helper_since_6_17_is_its_definition_on_arm64(int seed, byte flags, byte cap) =>
        CheckFlags<Arm64>(seed, (FpbFlags)(flags & 31), cap);

    [Property(MaxTest = 200)]
    public void Swap_batches_are_runs_of_consecutive_slots_with_equal_bits(int seed, byte cap)
    {
        var bench = new Bench<X86_64>(seed);
        foreach (var (vpn, pte) in bench.Entries())
        {
            if (X86_64.PtePresent(pte) || X86_64.SwpType(pte) > SwapType.LastDevice)
            {
                continue;
            }

            var most = bench.Room(vpn, cap);
            var expected = 1;
            while (
                expected < most && bench.At(vpn + (uint)expected) == SwapPlus(pte, (ulong)expected)
            )
            {
                expected++;
            }

            Assert.Equal(expected, bench.Kernel.SwapPteBatch(bench.Pointer(vpn), pte, most));
        }
    }

    /// <summary>The same type and flag bits with a later offset, by clearing and refilling the field.</summary>
    private static Pte SwapPlus(Pte pte, ulong by)
    {
        const ulong Field = ((1UL << 50) - 1) << 9;
        var offset = X86_64.SwpOffset(pte) + by;
        return new((pte.Word & ~Field) | ((~offset << 9) & Field));
    }

    private static void Check615<TArch>(int seed, FpbIgnoreFlags flags, byte cap)
        where TArch : struct, IArch
    {
        var bench = new Bench<TArch>(seed);
        foreach (var (vpn, pte, folio) in bench.LargeFolioEntries())
        {
            var most = bench.Room(vpn, cap);
            var batch = bench.Kernel.FolioPteBatch615(folio, bench.Pointer(vpn), pte, most, flags);
            var expected = bench.Length(
                vpn,
                folio,
                most,
                entry => KernelContext<TArch>.BatchKey615(entry, flags)
            );
            Assert.Equal(expected, batch.Nr);
            var later = bench.Later(vpn, expected).ToList();
            Assert.Equal(
                later.Exists(entry => TArch.PteWrite(entry, bench.Machine.Context)),
                batch.AnyWritable
                    || (
                        bench.Hinted(vpn)
                        && later.Count > 0
                        && TArch.PteWrite(pte, bench.Machine.Context)
                    )
            );
        }
    }

    private static void CheckFlags<TArch>(int seed, FpbFlags flags, byte cap)
        where TArch : struct, IArch
    {
        var bench = new Bench<TArch>(seed);
        foreach (var (vpn, pte, folio) in bench.LargeFolioEntries())
        {
            var most = bench.Room(vpn, cap);
            var copy = pte;
            var nr = bench.Kernel.FolioPteBatchFlags(
                folio,
                vma: 0,
                bench.Pointer(vpn),
                ref copy,
                most,
                flags
            );
            var expected = bench.Length(
                vpn,
                folio,
                most,
                entry => KernelContext<TArch>.BatchKey(entry, flags)
            );
            Assert.Equal(expected, nr);
            CheckMerge(bench, vpn, pte, copy, nr, flags);
        }
    }

    /// <summary>The copy gains what later entries have, as far as the flags ask for it, and nothing else changes.</summary>
    private static void CheckMerge<TArch>(
        Bench<TArch> bench,
        uint vpn,
        Pte pte,
        Pte copy,
        int nr,
        FpbFlags flags
    )
        where TArch : struct, IArch
    {
        var all = bench.Later(vpn, nr).Prepend(pte).ToList();
        var context = bench.Machine.Context;
        var merge = (flags & FpbFlags.MergeYoungDirty) != 0;
        Assert.Equal(TArch.PtePfn(pte), TArch.PtePfn(copy));
        Assert.Equal(
            merge ? all.Exists(TArch.PteYoung) : TArch.PteYoung(pte),
            TArch.PteYoung(copy)
        );
        if ((flags & FpbFlags.MergeWrite) == 0)
        {
            Assert.Equal(TArch.PteWrite(pte, context), TArch.PteWrite(copy, context));
            Assert.Equal(
                merge ? all.Exists(TArch.PteDirty) : TArch.PteDirty(pte),
                TArch.PteDirty(copy)
            );
        }
        else
        {
            Assert.Equal(
                all.Exists(entry => TArch.PteWrite(entry, context)),
                TArch.PteWrite(copy, context)
            );
        }
    }

    /// <summary>A generated machine with all page-table locks held.</summary>
    private sealed class Bench<TArch>
        where TArch : struct, IArch
    {
        public Bench(int seed)
        {
            var scenario = new Scenario();
            var options = new GeneratorOptions(TArch.Architecture, false, false);
            new ScenarioGenerator().Fill(scenario, options, (ulong)(uint)seed, 60);
            new Expander().Expand<TArch>(scenario, Machine, KernelVersion.V7_2);
            Kernel = new(Machine, new Trace(), new FaultLog());
            for (var table = 0; table < Machine.TableCount; table++)
            {
                Machine.Tables[table].PtlHeld = true;
            }
        }

        public Machine Machine { get; } = new();

        public KernelContext<TArch> Kernel { get; }

        public IEnumerable<(uint Vpn, Pte Pte)> Entries()
        {
            var vma = Machine.Vmas[0];
            for (var vpn = vma.Start; vpn < vma.End; vpn++)
            {
                var pte = At(vpn);
                if (!TArch.PteNone(pte))
                {
                    yield return (vpn, Get(vpn));
                }
            }
        }

        public IEnumerable<(uint Vpn, Pte Pte, int Folio)> LargeFolioEntries() =>
            from entry in Entries()
            where TArch.PtePresent(entry.Pte)
            let folio = Kernel.VmNormalFolio(entry.Pte)
            where folio >= 0 && Machine.Folios[folio].IsLarge
            select (entry.Vpn, entry.Pte, folio);

        public Pte At(uint vpn) => Machine.PteAt(0, vpn);

        /// <summary>As ptep_get sees it: on arm64 with the young and dirty of its block.</summary>
        private Pte Get(uint vpn)
        {
            Kernel.Trace.Clear();
            return Kernel.PtepGet(Pointer(vpn));
        }

        public PtePointer Pointer(uint vpn) =>
            Kernel.PteOffsetMap(0, vpn, Room(vpn, byte.MaxValue));

        /// <summary>Entries to the end of table and VMA, at most <paramref name="cap"/> and at least one.</summary>
        public int Room(uint vpn, byte cap)
        {
            var slots = (uint)Machine.Slots;
            var room = Math.Min(slots - (vpn & (slots - 1)), Machine.Vmas[0].End - vpn);
            return (int)Math.Min(room, Math.Max((uint)cap, 1));
        }

        public bool Hinted(uint vpn) =>
            TArch.PteBatchHint(At(vpn), (int)vpn & (Machine.Slots - 1), Machine.ContPtes) > 1;

        public IEnumerable<Pte> Later(uint vpn, int nr)
        {
            for (var i = 1; i < nr; i++)
            {
                yield return Get(vpn + (uint)i);
            }
        }

        public int Length(uint vpn, int folio, int most, Func<Pte, Pte> key)
        {
            var nr = 1;
            var pfn = TArch.PtePfn(At(vpn));
            var first = Comparable(Get(vpn), key);
            while (nr < most)
            {
                var entry = Get(vpn + (uint)nr);
                if (
                    !TArch.PtePresent(entry)
                    || TArch.PtePfn(entry) != pfn + (ulong)nr
                    || Machine.FolioOf(pfn + (ulong)nr) != folio
                    || Comparable(entry, key) != first
                )
                {
                    break;
                }

                nr++;
            }

            return nr;
        }

        /// <summary>The key without the PFN.</summary>
        private static Pte Comparable(Pte pte, Func<Pte, Pte> key)
        {
            var bare = key(pte);
            return TArch.PteAdvancePfn(bare, -(int)(TArch.PtePfn(bare) & 0xFFFF));
        }
    }
}
