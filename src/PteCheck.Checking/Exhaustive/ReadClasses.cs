using PteCheck.Model.Architectures;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Exhaustive;

/// <summary>What an event of the operation reads beside its operands, and the operation may remember.</summary>
[Flags]
internal enum EventReads
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Page-table entries.</summary>
    Entries = 1,

    /// <summary>Counts and flags of a folio.</summary>
    Folios = 2,
}

/// <summary>Sorts primitives by what they read.</summary>
internal static class ReadClasses
{
    /// <summary>What a primitive reads; everything where nothing better is known.</summary>
    public static EventReads Of<TArch>(Primitive primitive)
        where TArch : struct, IArch =>
        primitive switch
        {
            Primitive.PtepGet or Primitive.FolioPteBatch => EventReads.Entries,
            Primitive.FolioRefCount
            or Primitive.FolioMapcount
            or Primitive.FolioTestDirty
            or Primitive.FolioRefFreeze => EventReads.Folios,

            // What is taken out of a slot is an operand of the store; contpte looks at the whole block.
            Primitive.PteStore
            or Primitive.PtepGetAndClear
            or Primitive.GetAndClearPtes
            or Primitive.PteClear
            or Primitive.SetPtes
            or Primitive.ContpteFold
            or Primitive.ContpteUnfold => TArch.HasContpte ? EventReads.Entries : EventReads.None,

            // They change what they look at, and the operation learns nothing from it.
            Primitive.PtlLock
            or Primitive.PtlUnlock
            or Primitive.RmapLock
            or Primitive.RmapUnlock
            or Primitive.MightSleep
            or Primitive.NotifierStart
            or Primitive.NotifierEnd
            or Primitive.TlbFlushRange
            or Primitive.TlbFlushMm
            or Primitive.TryToUnmapFlush
            or Primitive.SetTlbUbcFlushPending
            or Primitive.MmCounter
            or Primitive.RemoveRmap
            or Primitive.FolioRef
            or Primitive.FolioFlags
            or Primitive.FolioFree => EventReads.None,
            _ => EventReads.Entries | EventReads.Folios,
        };
}
