using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Properties.Primitives;

/// <summary>
/// One VMA of 64 pages over one folio of 32 pages, mapped from slot 0 on, and the primitives over it.
/// CONT_PTES is 4; blocks are folded where all entries agree.
/// </summary>
internal sealed class PrimitiveBench<TArch>
    where TArch : struct, IArch
{
    public const int Pages = 32;

    public PrimitiveBench(
        Func<int, PteBits> bits,
        VmaFlags flags = VmaFlags.Read | VmaFlags.Write,
        FolioKind kind = FolioKind.Anon
    )
    {
        var scenario = new Scenario { Architecture = TArch.Architecture, ContPtes = 4 };
        scenario.Folios[0] = new()
        {
            Order = 5,
            Kind = kind,
            FilePage = -1,
        };
        scenario.FolioCount = 1;
        scenario.Vmas[0] = new()
        {
            At = 0,
            Pages = 64,
            Flags = flags,
        };
        scenario.VmaCount = 1;
        for (short page = 0; page < Pages; page++)
        {
            scenario.Ptes[scenario.PteCount++] = new()
            {
                Kind = EntryKind.Present,
                Page = page,
                FolioPage = page,
                Bits = bits(page),
            };
        }

        new Expander().Expand<TArch>(scenario, Machine, KernelVersion.V7_2);
        Kernel = new(Machine, Trace, Faults);
        Kernel.SpinLockPtl(0);
    }

    public Machine Machine { get; } = new();

    public Trace Trace { get; } = new();

    public FaultLog Faults { get; } = new();

    public KernelContext<TArch> Kernel { get; }

    public Pte At(int slot) => new(Machine.Ptes[Machine.PteIndex(0, slot)]);

    public PtePointer Pointer(int slot) => Kernel.PteOffsetMap(0, (uint)slot, 64 - slot);

    public ulong PfnOf(int page) => Machine.PfnBase + (ulong)(Machine.Folios[0].FirstFrame + page);

    /// <summary>Slots of the table that a test predicate holds for, of the mapped ones.</summary>
    public IEnumerable<int> Slots(Func<Pte, bool> predicate) =>
        Enumerable.Range(0, Pages).Where(slot => predicate(At(slot)));
}
