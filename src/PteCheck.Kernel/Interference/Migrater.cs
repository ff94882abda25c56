using PteCheck.Kernel.Migration;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>
/// Another CPU migrates an anonymous folio (migrate_pages_batch), in three steps: it isolates and locks the folio and
/// turns its entries into migration entries with the flush put off in its own tlb_ubc; it flushes and copies; it gives
/// the entries back, with the new pages or, where somebody holds a reference, with the old ones.
/// </summary>
internal sealed class Migrater<TArch>(KernelContext<TArch> kernel)
    where TArch : struct, IArch
{
    private readonly OwnUbc ubc = new(kernel.Machine);
    private StepFolio source;
    private int dst;
    private bool unmapped;
    private bool copied;
    private bool moved;

    /// <summary>Forgets what the last run left.</summary>
    public void Begin()
    {
        source = new(-1, 0, false);
        ubc.Begin();
    }

    /// <summary>
    /// migrate_folio_unmap. A folio that is locked, freed, in the swap cache or not anonymous is passed over; rmap and
    /// page-table locks are waited for.
    /// </summary>
    public StepResult Unmap(in StepFolio target)
    {
        var folio = target.Folio;
        if (
            source.Folio >= 0
            || folio < 0
            || !MigrateFolio.IsMigratable(kernel.Machine.Folios[folio])
        )
        {
            return StepResult.Done;
        }

        if (MappedVmas.AreBlocked(kernel, target))
        {
            return StepResult.Blocked;
        }

        if (!kernel.IsolateAndLock(folio))
        {
            return StepResult.Done;
        }

        dst = kernel.AllocMisplacedDstFolio(folio);
        if (dst < 0)
        {
            kernel.UnlockAndPutBack(folio);
            return StepResult.Done;
        }

        source = target with { WasLocked = true };
        (copied, moved) = (false, false);
        ubc.Exchange();
        unmapped = MigrateFolio.TryToMigrate(kernel, folio);
        ubc.Exchange();
        return StepResult.Done;
    }

    /// <summary>Adds how far it is to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        hash.Add(source.Folio);
        if (source.Folio >= 0)
        {
            hash.Add(((ulong)(uint)dst << 32) | source.Tables);
            hash.Add(unmapped);
            hash.Add(copied);
            hash.Add(moved);
            ubc.AddTo(ref hash);
        }
    }

    /// <summary>try_to_unmap_flush and migrate_folio.</summary>
    public void Copy()
    {
        if (source.Folio < 0 || copied)
        {
            return;
        }

        copied = true;
        ubc.Exchange();
        kernel.TryToUnmapFlush();
        ubc.Exchange();
        moved = unmapped && MigrateFolio.Copy(kernel, source.Folio, dst);
    }

    /// <summary>remove_migration_ptes, and the references of the migration are put; before that the copy, if it has not been made.</summary>
    public StepResult Finish()
    {
        if (source.Folio < 0)
        {
            return StepResult.Done;
        }

        if (MappedVmas.AreBlocked(kernel, source, migration: true))
        {
            return StepResult.Blocked;
        }

        Copy();
        MigrateFolio.RemoveMigrationPtes(kernel, source.Folio, moved ? dst : source.Folio);
        kernel.FolioPutRefs(dst, 1);
        kernel.UnlockAndPutBack(source.Folio);
        source = new(-1, 0, false);
        return StepResult.Done;
    }
}
