using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>The mmu_gather of those who change many entries and flush in the end (mm/mmu_gather.c).</summary>
public sealed partial class KernelContext<TArch>
{
    /// <summary>tlb_gather_mmu: begins, and tells others that a flush is outstanding (inc_tlb_flush_pending).</summary>
    public MmuGather TlbGatherMmu(int mm)
    {
        Record(Primitive.TlbGatherMmu, mm);
        Machine.Mms[mm].TlbFlushPending++;
        return new(mm, uint.MaxValue, 0);
    }

    /// <summary>tlb_flush_pte_range: adds <paramref name="pages"/> pages to what will be flushed.</summary>
    public static void TlbFlushPteRange(ref MmuGather tlb, uint vpn, int pages)
    {
        tlb.Start = Math.Min(tlb.Start, vpn);
        tlb.End = Math.Max(tlb.End, vpn + (uint)pages);
    }

    /// <summary>
    /// tlb_finish_mmu: flushes what was gathered, or the whole mm when another gather runs beside this
    /// one (mm_tlb_flush_nested), and ends.
    /// </summary>
    public void TlbFinishMmu(in MmuGather tlb)
    {
        Record(Primitive.TlbFinishMmu, tlb.Mm);
        ref var owner = ref Machine.Mms[tlb.Mm];
        if (owner.TlbFlushPending > 1)
        {
            FlushTlbMm(tlb.Mm);
        }
        else if (tlb.Start < tlb.End)
        {
            FlushTlbRange(tlb.Mm, tlb.Start, (int)(tlb.End - tlb.Start));
        }

        owner.TlbFlushPending--;
        if (owner.TlbFlushPending < 0)
        {
            Fault(FaultKind.CountBelowZero, tlb.Mm, 0, "tlb_finish_mmu");
        }
    }
}
