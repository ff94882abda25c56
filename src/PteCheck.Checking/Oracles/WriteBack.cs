using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>What write-out has brought to disk, and whether later writes are still marked dirty.</summary>
internal sealed class WriteBack<TArch>
    where TArch : struct, IArch
{
    private readonly List<(int Frame, ulong Content)> written = [];

    /// <summary>Nothing has been written out.</summary>
    public void Begin() => written.Clear();

    /// <summary>Adds what has been written out to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        hash.Add(written.Count);
        foreach (var (frame, content) in written)
        {
            hash.Add(frame);
            hash.Add(content);
        }
    }

    /// <summary>A page has been written out.</summary>
    public void WrittenOut(in TraceEvent e)
    {
        var frame = (int)e.A;
        for (var i = written.Count - 1; i >= 0; i--)
        {
            if (written[i].Frame == frame)
            {
                written.RemoveAt(i);
            }
        }

        written.Add((frame, e.B));
    }

    /// <summary>PTB403. Who holds a pin marks the folio dirty when he gives it back; what was truncated need not reach the file any more.</summary>
    public void JudgeEnd(Machine final, FindingList findings)
    {
        foreach (var (frame, content) in written)
        {
            var folio = final.FrameFolios[frame];
            ref readonly var owner = ref final.Folios[folio];
            var clean =
                (owner.Flags & (FolioFlags.Dirty | FolioFlags.Truncated)) == 0 && owner.Pins == 0;
            if (final.PageContents[frame] != content && clean && !MappedDirty(final, frame))
            {
                findings.Add(
                    new()
                    {
                        Rule = Rules.WriteBackMissed,
                        Role = PlaceRole.Folio,
                        Mm = -1,
                        Place = (uint)folio,
                        Step = -1,
                        Detail = "write-back",
                    }
                );
            }
        }
    }

    private static bool MappedDirty(Machine final, int frame)
    {
        for (var pmd = 0; pmd < final.PmdCount; pmd++)
        {
            ref readonly var owner = ref final.Pmds[pmd];
            for (var slot = 0u; slot < (uint)final.Slots; slot++)
            {
                var pte = final.Walk<TArch>(owner.Mm, owner.BaseVpn + slot);
                if (
                    TArch.PtePresent(pte)
                    && TArch.PteDirty(pte)
                    && final.FrameOf(TArch.PtePfn(pte)) == frame
                )
                {
                    return true;
                }
            }
        }

        return false;
    }
}
