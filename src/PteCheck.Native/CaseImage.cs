using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Native.Abi;
using Architecture = PteCheck.Model.Architectures.Architecture;

namespace PteCheck.Native;

/// <summary>A machine in one piece of memory, as subjects see it: a head with offsets, then the arrays in use.</summary>
internal static class CaseImage
{
    /// <summary>The head of a case: what is where. It stays the same while the case runs, but for the counts.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="call">The arguments.</param>
    /// <param name="room">What there is to be room for.</param>
    public static SubjectImage HeadOf(Machine machine, in OperationCall call, ImageRoom room)
    {
        var head = new SubjectImage
        {
            Arch = (uint)machine.Architecture,
            Kernel = (uint)machine.Context.Kernel,
            ShadowStack = machine.Context.ShadowStack ? 1u : 0,
            Bbml2 = machine.Context.Bbml2 ? 1u : 0,
            Slots = (uint)machine.Slots,
            ContPtes = (uint)machine.ContPtes,
            MmCount = (uint)machine.MmCount,
            VmaCount = (uint)machine.VmaCount,
            PmdCount = (uint)machine.PmdCount,
            TableCount = (uint)room.Tables,
            FolioRoom = (uint)room.Folios,
            FrameRoom = (uint)room.Frames,
            FlushMmFromPages = (uint)FlushMmFromPages(machine.Architecture),
            PfnBase = machine.PfnBase,
            Call = call,
        };
        var at = Unsafe.SizeOf<SubjectImage>();
        head.Mms = Take<Mm>(ref at, machine.MmCount);
        head.Vmas = Take<Vma>(ref at, machine.VmaCount);
        head.Tables = Take<PageTable>(ref at, room.Tables);
        head.Pmds = Take<Pmd>(ref at, machine.PmdCount);
        head.Ptes = Take<ulong>(ref at, room.Tables * machine.Slots);
        head.Folios = Take<Folio>(ref at, room.Folios);
        head.FrameFolios = Take<short>(ref at, room.Frames);
        head.PageMapcounts = Take<int>(ref at, room.Frames);
        head.PageFlags = Take<byte>(ref at, room.Frames);
        head.Size = (uint)at;
        return head;
    }

    /// <summary>Writes a machine that has the shape of a head; what there is no room for is left out.</summary>
    public static void Write(Machine machine, in SubjectImage shape, Span<byte> target)
    {
        var head = shape;
        var folios = Math.Min(machine.FolioCount, (int)head.FolioRoom);
        var frames = Math.Min(machine.FrameCount, (int)head.FrameRoom);
        head.FlushRequired = machine.TlbUbc.FlushRequired ? 1u : 0;
        head.DeferredMms = machine.TlbUbc.Mms;
        head.DeferredRanges = (uint)machine.TlbUbc.RangeCount;
        head.FolioCount = (uint)folios;
        head.FrameCount = (uint)frames;
        var tables = Math.Min(machine.TableCount, (int)head.TableCount);
        target[..(int)head.Size].Clear();
        MemoryMarshal.Write(target, head);
        Put<Mm>(machine.Mms.AsSpan(0, machine.MmCount), head.Mms, target);
        Put<Vma>(machine.Vmas.AsSpan(0, machine.VmaCount), head.Vmas, target);
        Put<PageTable>(machine.Tables.AsSpan(0, tables), head.Tables, target);
        Put<Pmd>(machine.Pmds.AsSpan(0, machine.PmdCount), head.Pmds, target);
        for (var table = 0; table < tables; table++)
        {
            Put<ulong>(
                machine.TableWords(table),
                head.Ptes + (uint)(table * machine.Slots * sizeof(ulong)),
                target
            );
        }

        Put<Folio>(machine.Folios.AsSpan(0, folios), head.Folios, target);
        Put<short>(machine.FrameFolios.AsSpan(0, frames), head.FrameFolios, target);
        Put<int>(machine.PageMapcounts.AsSpan(0, frames), head.PageMapcounts, target);
        Put<byte>(machine.PageFlags.AsSpan(0, frames), head.PageFlags, target);
    }

    private static int FlushMmFromPages(Architecture architecture) =>
        architecture == Architecture.X86 ? X86_64.FlushMmFromPages : Arm64.FlushMmFromPages;

    private static uint Take<T>(ref int at, int count)
    {
        var offset = (uint)at;
        at = (at + (Unsafe.SizeOf<T>() * count) + 7) & ~7;
        return offset;
    }

    private static void Put<T>(ReadOnlySpan<T> values, uint offset, Span<byte> target)
        where T : unmanaged => MemoryMarshal.AsBytes(values).CopyTo(target[(int)offset..]);
}
