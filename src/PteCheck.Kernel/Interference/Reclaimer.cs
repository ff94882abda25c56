using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// A second reclaimer on another CPU, in two steps: it isolates and locks a lazyfree folio and unmaps it with
/// the flush put off in its own tlb_ubc; later it flushes and frees (shrink_folio_list).
/// </summary>
internal sealed class Reclaimer<TArch>(KernelContext<TArch> kernel)
    where TArch : struct, IArch
{
    private readonly OwnUbc ubc = new(kernel.Machine);
    private int folio;

    /// <summary>Forgets what the last run left.</summary>
    public void Begin()
    {
        folio = -1;
        ubc.Begin();
    }

    /// <summary>Adds what is under way to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        hash.Add(folio);
        if (folio >= 0)
        {
            ubc.AddTo(ref hash);
        }
    }

    /// <summary>
    /// folio_trylock and try_to_unmap with TTU_BATCH_FLUSH. A folio that is locked, freed or not lazyfree is
    /// passed over; rmap and page-table locks are waited for.
    /// </summary>
    public StepResult Unmap(in StepFolio target)
    {
        if (folio >= 0 || target.Folio < 0 || !IsReclaimable(target.Folio))
        {
            return StepResult.Done;
        }

        if (MappedVmas.AreBlocked(kernel, target))
        {
            return StepResult.Blocked;
        }

        folio = target.Folio;
        ref var owner = ref kernel.Machine.Folios[folio];
        owner.Flags |= FolioFlags.Locked;
        owner.ExtraRefs++;
        kernel.FolioRefAdd(folio, 1);
        ubc.Exchange();
        var call = new OperationCall { Folio = folio, Deferred = true };
        TryToUnmap.RmapWalkAnon(kernel, call, default(PerPte), notify: true);
        ubc.Exchange();
        return StepResult.Done;
    }

    /// <summary>folio_ref_freeze, try_to_unmap_flush, free_unref_folios; or the folio goes back to its list.</summary>
    public void Finish()
    {
        if (folio < 0)
        {
            return;
        }

        ref var owner = ref kernel.Machine.Folios[folio];
        owner.Flags &= ~FolioFlags.Locked;
        var free = owner.Mapcount == 0 && kernel.FolioRefFreeze(folio, 1);
        ubc.Exchange();
        kernel.TryToUnmapFlush();
        ubc.Exchange();
        if (free)
        {
            kernel.FreeFolio(folio);
        }
        else
        {
            owner.ExtraRefs--;
            kernel.FolioPutRefs(folio, 1);
        }

        folio = -1;
    }

    private bool IsReclaimable(int target)
    {
        ref readonly var owner = ref kernel.Machine.Folios[target];
        const FolioFlags Unfit = FolioFlags.Locked | FolioFlags.Freed | FolioFlags.Swapbacked;
        return owner.Kind == FolioKind.Lazyfree && (owner.Flags & Unfit) == 0;
    }
}
