using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// What was written to a page of a file stays marked, in the folio or in an entry, until it has been written out or
/// thrown away: else reclaim drops the page, and what was written is lost.
/// </summary>
internal static class DirtyOracle
{
    /// <summary>PTB405, for runs in which nobody else acts.</summary>
    public static void Judge<TArch>(Machine initial, Side<TArch> side, FindingList findings)
        where TArch : struct, IArch
    {
        for (var folio = 0; folio < initial.FolioCount; folio++)
        {
            const FolioFlags Gone = FolioFlags.Freed | FolioFlags.Truncated;
            ref readonly var final = ref side.Machine.Folios[folio];
            var stays = !final.IsAnon && (final.Flags & Gone) == 0;
            if (stays && IsDirty<TArch>(initial, folio) && !IsDirty<TArch>(side.Machine, folio))
            {
                findings.Add(
                    new()
                    {
                        Rule = Rules.DirtyLost,
                        Role = PlaceRole.Folio,
                        Mm = -1,
                        Place = (uint)folio,
                        Step = -1,
                        Detail = "dirty",
                    }
                );
            }
        }
    }

    private static bool IsDirty<TArch>(Machine machine, int folio)
        where TArch : struct, IArch
    {
        if ((machine.Folios[folio].Flags & FolioFlags.Dirty) != 0)
        {
            return true;
        }

        for (var pmd = 0; pmd < machine.PmdCount; pmd++)
        {
            if (MapsDirty<TArch>(machine, machine.Pmds[pmd].Entry, folio))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MapsDirty<TArch>(Machine machine, PmdEntry entry, int folio)
        where TArch : struct, IArch
    {
        if (entry.Table < 0)
        {
            return IsDirtyPage<TArch>(machine, entry.Page<TArch>(0), folio);
        }

        foreach (var word in machine.TableWords(entry.Table))
        {
            if (word != 0 && IsDirtyPage<TArch>(machine, new(word), folio))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsDirtyPage<TArch>(Machine machine, Pte pte, int folio)
        where TArch : struct, IArch =>
        TArch.PtePresent(pte)
        && TArch.PteDirty(pte)
        && !TArch.PteSpecial(pte)
        && machine.FolioOf(TArch.PtePfn(pte)) == folio;
}
