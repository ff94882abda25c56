using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios;

/// <summary>
/// An input: how to build a machine and which operation to run on it. What the generator fills, the
/// minimizer shrinks and a scenario file says in words. Flat and reusable, so that a campaign fills
/// the same one again and again; <see cref="Notes"/> holds what only files have.
/// </summary>
public sealed class Scenario
{
    /// <summary>Most initial entries: two full tables.</summary>
    public const int MaxPtes = 2 * Machine.TableStride;

    /// <summary>Most stale translations.</summary>
    public const int MaxTlb = 16;

    /// <summary>Most steps of interference.</summary>
    public const int MaxSteps = 8;

    /// <summary>Most operations of a run.</summary>
    public const int MaxRuns = 5;

    /// <summary>Architecture.</summary>
    public Architecture Architecture;

    /// <summary>Generation of the primitives; null where each implementation's own applies.</summary>
    public KernelVersion? Kernel;

    /// <summary>x86-64: the CPU has shadow stacks.</summary>
    public bool ShadowStack;

    /// <summary>arm64: BBML2_NOABORT.</summary>
    public bool Bbml2;

    /// <summary>Slots of each table: 8, 16, 32 or 512.</summary>
    public int Slots = Machine.TableStride;

    /// <summary>CONT_PTES: 16 or 4.</summary>
    public int ContPtes = 16;

    /// <summary>CPUs, 1 to 4.</summary>
    public int Cpus = 2;

    /// <summary>Address spaces, 1 to 4.</summary>
    public int Mms = 1;

    /// <summary>Folios in use.</summary>
    public int FolioCount;

    /// <summary>VMAs in use.</summary>
    public int VmaCount;

    /// <summary>Entries in use, in ascending order of VMA and page.</summary>
    public int PteCount;

    /// <summary>Stale translations in use.</summary>
    public int TlbCount;

    /// <summary>Steps of interference in use.</summary>
    public int StepCount;

    /// <summary>Windows with a result of their own in use.</summary>
    public int WindowCount;

    /// <summary>Operations of the run, 1 to <see cref="MaxRuns"/>: one, or a sequence.</summary>
    public int RunCount = 1;

    /// <summary>
    /// Which of them is the one under test, from 0. Those of the same operation are under test with it; the
    /// others are run by their references. Said nowhere in a file: it follows from who is judged.
    /// </summary>
    public int Tested;

    /// <summary>Mms with a pending deferred flush of reclaim, one bit each.</summary>
    public byte BatchedFlushPending;

    /// <summary>The state is known not to be reachable, and the file says so.</summary>
    public bool Unreachable;

    /// <summary>Folios.</summary>
    public readonly FolioSpec[] Folios = new FolioSpec[Machine.MaxFolios];

    /// <summary>VMAs.</summary>
    public readonly VmaSpec[] Vmas = new VmaSpec[Machine.MaxVmas];

    /// <summary>Initial entries that are not none.</summary>
    public readonly PteSpec[] Ptes = new PteSpec[MaxPtes];

    /// <summary>Stale translations.</summary>
    public readonly TlbSpec[] Tlb = new TlbSpec[MaxTlb];

    /// <summary>The operations in the order in which they are run.</summary>
    public readonly RunSpec[] Runs = new RunSpec[MaxRuns];

    /// <summary>What others do during the run; the steps of one actor in their order.</summary>
    public readonly StepSpec[] Steps = new StepSpec[MaxSteps];

    /// <summary>mthp-select: windows whose attempt comes to something else than the run says, the larger first, then by page.</summary>
    public readonly WindowSpec[] Windows = new WindowSpec[Machine.MaxWindows];

    /// <summary>mm->tlb_flush_pending of each mm.</summary>
    public readonly byte[] TlbFlushPending = new byte[Machine.MaxMms];

    /// <summary>Title, names, expectations and recipe of a file; null when there is no file.</summary>
    public ScenarioNotes? Notes { get; set; }

    /// <summary>The operation under test and its arguments.</summary>
    public ref RunSpec Run => ref Runs[Tested];

    /// <summary>The operations in use.</summary>
    public Span<RunSpec> UsedRuns => Runs.AsSpan(0, RunCount);

    /// <summary>Whether it runs one operation after the other.</summary>
    public bool IsSequence => RunCount > 1;

    /// <summary>The folios in use.</summary>
    public Span<FolioSpec> UsedFolios => Folios.AsSpan(0, FolioCount);

    /// <summary>The VMAs in use.</summary>
    public Span<VmaSpec> UsedVmas => Vmas.AsSpan(0, VmaCount);

    /// <summary>The entries in use.</summary>
    public Span<PteSpec> UsedPtes => Ptes.AsSpan(0, PteCount);

    /// <summary>The stale translations in use.</summary>
    public Span<TlbSpec> UsedTlb => Tlb.AsSpan(0, TlbCount);

    /// <summary>The steps of interference in use.</summary>
    public Span<StepSpec> UsedSteps => Steps.AsSpan(0, StepCount);

    /// <summary>The windows in use.</summary>
    public Span<WindowSpec> UsedWindows => Windows.AsSpan(0, WindowCount);

    /// <summary>Back to an empty scenario with all defaults.</summary>
    public void Clear()
    {
        Architecture = Architecture.X86;
        Kernel = null;
        ShadowStack = false;
        Bbml2 = false;
        Slots = Machine.TableStride;
        ContPtes = 16;
        Cpus = 2;
        Mms = 1;
        FolioCount = 0;
        VmaCount = 0;
        PteCount = 0;
        TlbCount = 0;
        StepCount = 0;
        WindowCount = 0;
        RunCount = 1;
        Tested = 0;
        Runs[0] = default;
        BatchedFlushPending = 0;
        Unreachable = false;
        Notes = null;
        Array.Clear(TlbFlushPending);
    }

    /// <summary>Makes this an equal scenario.</summary>
    public void CopyFrom(Scenario other)
    {
        Architecture = other.Architecture;
        Kernel = other.Kernel;
        ShadowStack = other.ShadowStack;
        Bbml2 = other.Bbml2;
        Slots = other.Slots;
        ContPtes = other.ContPtes;
        Cpus = other.Cpus;
        Mms = other.Mms;
        FolioCount = other.FolioCount;
        VmaCount = other.VmaCount;
        PteCount = other.PteCount;
        TlbCount = other.TlbCount;
        StepCount = other.StepCount;
        WindowCount = other.WindowCount;
        RunCount = other.RunCount;
        Tested = other.Tested;
        BatchedFlushPending = other.BatchedFlushPending;
        Unreachable = other.Unreachable;
        Notes = other.Notes;
        other.UsedRuns.CopyTo(Runs);
        other.UsedFolios.CopyTo(Folios);
        other.UsedVmas.CopyTo(Vmas);
        other.UsedPtes.CopyTo(Ptes);
        other.UsedTlb.CopyTo(Tlb);
        other.UsedSteps.CopyTo(Steps);
        other.UsedWindows.CopyTo(Windows);
        other.TlbFlushPending.CopyTo(TlbFlushPending, 0);
    }

    /// <summary>A copy of its own.</summary>
    public Scenario Clone()
    {
        var clone = new Scenario();
        clone.CopyFrom(this);
        return clone;
    }

    /// <summary>Whether both mean the same, whatever their notes say and whoever is judged.</summary>
    public bool SameAs(Scenario other) =>
        Architecture == other.Architecture
        && Kernel == other.Kernel
        && ShadowStack == other.ShadowStack
        && Bbml2 == other.Bbml2
        && Slots == other.Slots
        && ContPtes == other.ContPtes
        && Cpus == other.Cpus
        && Mms == other.Mms
        && BatchedFlushPending == other.BatchedFlushPending
        && Unreachable == other.Unreachable
        && TlbFlushPending.AsSpan().SequenceEqual(other.TlbFlushPending)
        && UsedRuns.SequenceEqual(other.UsedRuns)
        && UsedFolios.SequenceEqual(other.UsedFolios)
        && UsedVmas.SequenceEqual(other.UsedVmas)
        && UsedPtes.SequenceEqual(other.UsedPtes)
        && UsedTlb.SequenceEqual(other.UsedTlb)
        && UsedSteps.SequenceEqual(other.UsedSteps)
        && UsedWindows.SequenceEqual(other.UsedWindows);

    /// <summary>The entry at a page of a VMA, or null.</summary>
    public PteSpec? PteAt(int vma, int page)
    {
        foreach (var pte in UsedPtes)
        {
            if (pte.Vma == vma && pte.Page == page)
            {
                return pte;
            }
        }

        return null;
    }
}
