using System.Runtime.InteropServices;
using PteCheck.Kernel.Operations;

namespace PteCheck.Native.Abi;

/// <summary>One call of a primitive by a subject.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SubjectRecord
{
    /// <summary>What was called.</summary>
    public SubjectOp Op;

    /// <summary>Index of the source file among those of the child.</summary>
    public ushort File;

    /// <summary>Line of the call in that file.</summary>
    public uint Line;

    /// <summary>The table, mm or folio.</summary>
    public short Table;

    /// <summary>The slot; outside 0 to the table's size where the pointer is.</summary>
    public short Slot;

    /// <summary>How many entries or pages.</summary>
    public int Nr;

    /// <summary>First operand.</summary>
    public ulong A;

    /// <summary>Second operand.</summary>
    public ulong B;

    /// <summary>What the call returned.</summary>
    public ulong Result;

    /// <summary>What the call returned through a pointer.</summary>
    public ulong Result2;

    /// <summary>Places at which others could have acted so far, this call included.</summary>
    public uint Events;

    /// <summary>From which map call the pointer to the entry comes, and <see cref="Returned"/>.</summary>
    public uint Flags;

    /// <summary>In <see cref="Flags"/>: the call has returned, its results are there.</summary>
    public const uint Returned = 1u << 31;

    /// <summary>The map call, of the last four.</summary>
    public readonly int Alias => (int)(Flags & ~Returned);
}

/// <summary>A word of the state that somebody else changes while the subject runs.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SubjectPatch
{
    /// <summary>Before which place, counted from 0.</summary>
    public uint At;

    /// <summary>Byte offset of the word in the image.</summary>
    public uint Offset;

    /// <summary>The new word.</summary>
    public ulong Value;
}

/// <summary>The head of the image of a case: what the arrays behind it hold, and the arguments.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SubjectImage
{
    /// <summary>0 x86-64, 1 arm64.</summary>
    public uint Arch;

    /// <summary>0 for 6.15, 1 for 6.17, 2 for 7.2.</summary>
    public uint Kernel;

    /// <summary>1 with user shadow stacks.</summary>
    public uint ShadowStack;

    /// <summary>1 with BBML2_NOABORT.</summary>
    public uint Bbml2;

    /// <summary>Slots of every table.</summary>
    public uint Slots;

    /// <summary>Entries of a contiguous block.</summary>
    public uint ContPtes;

    /// <summary>Address spaces.</summary>
    public uint MmCount;

    /// <summary>VMAs.</summary>
    public uint VmaCount;

    /// <summary>Page tables.</summary>
    public uint TableCount;

    /// <summary>Folios.</summary>
    public uint FolioCount;

    /// <summary>Frames.</summary>
    public uint FrameCount;

    /// <summary>Folios that there is room for.</summary>
    public uint FolioRoom;

    /// <summary>Frames that there is room for.</summary>
    public uint FrameRoom;

    /// <summary>Pages from which flush_tlb_range flushes the whole mm.</summary>
    public uint FlushMmFromPages;

    /// <summary>PFN of frame 0.</summary>
    public ulong PfnBase;

    /// <summary>Byte offset of the address spaces.</summary>
    public uint Mms;

    /// <summary>Byte offset of the VMAs.</summary>
    public uint Vmas;

    /// <summary>Byte offset of the tables.</summary>
    public uint Tables;

    /// <summary>Byte offset of the entries, table after table.</summary>
    public uint Ptes;

    /// <summary>Byte offset of the folios.</summary>
    public uint Folios;

    /// <summary>Byte offset of the folio of each frame.</summary>
    public uint FrameFolios;

    /// <summary>Byte offset of the mappings of each page.</summary>
    public uint PageMapcounts;

    /// <summary>Byte offset of the flags of each page.</summary>
    public uint PageFlags;

    /// <summary>Byte offset of the PMD slots.</summary>
    public uint Pmds;

    /// <summary>PMD slots.</summary>
    public uint PmdCount;

    /// <summary>1 when reclaim has put a flush off.</summary>
    public uint FlushRequired;

    /// <summary>The address spaces that it is to be made up for in, one bit each.</summary>
    public uint DeferredMms;

    /// <summary>Ranges that it is to be made up for, on arm64.</summary>
    public uint DeferredRanges;

    /// <summary>Bytes of all.</summary>
    public uint Size;

    /// <summary>The arguments.</summary>
    public OperationCall Call;
}

/// <summary>One case of a hand-over.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SubjectCase
{
    /// <summary>Byte offset of its image in the data area.</summary>
    public uint Image;

    /// <summary>Byte offset of its patches in the data area.</summary>
    public uint Patches;

    /// <summary>How many patches.</summary>
    public uint PatchCount;

    /// <summary>Byte offset in the data area of the calls of the function (<see cref="PteCheck.Kernel.Operations.SubjectInvocation"/>).</summary>
    public uint Plan;

    /// <summary>How many calls are foreseen.</summary>
    public uint PlanCount;

    /// <summary>How many of them are made whatever those before returned.</summary>
    public uint PlanKnown;

    /// <summary>Zero.</summary>
    public uint Reserved;

    /// <summary>Index of its first record.</summary>
    public uint FirstRecord;

    /// <summary>How many records.</summary>
    public uint RecordCount;

    /// <summary>How it ended.</summary>
    public SubjectStatus Status;

    /// <summary>Signal, system call or exit code.</summary>
    public int Code;

    /// <summary>Line of the last primitive called before it ended badly.</summary>
    public uint Line;

    /// <summary>The address that a signal or sanitizer names.</summary>
    public ulong Address;
}

/// <summary>The first page of the shared memory.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SubjectControl
{
    /// <summary>Hash of the layout that the subject was compiled with.</summary>
    public ulong Layout;

    /// <summary>1 when the subject is loaded, 2 when it could not be.</summary>
    public uint Ready;

    /// <summary>The operation that it has an entry for.</summary>
    public uint Operation;

    /// <summary>The generation of names that it was compiled with.</summary>
    public uint Kernel;

    /// <summary>Cases of the hand-over.</summary>
    public uint Count;

    /// <summary>Cases done, and the index of the one that runs.</summary>
    public uint Done;

    /// <summary>1 while a hand-over is under way.</summary>
    public uint Active;

    /// <summary>Records used.</summary>
    public uint LogUsed;

    /// <summary>Records that a case may write.</summary>
    public uint Fuel;

    /// <summary>CPU time that a case may take, in milliseconds.</summary>
    public uint TimeLimit;

    /// <summary>Source files named so far.</summary>
    public uint FileCount;

    /// <summary>1 when the filter of system calls is in force.</summary>
    public uint Filtered;

    /// <summary>Zero.</summary>
    public uint Reserved;
}
