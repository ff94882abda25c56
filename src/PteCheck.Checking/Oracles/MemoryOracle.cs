using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// What user space and devices read is what was written last, whatever the tables went through. Follows the
/// accesses of the trace beside what each page of each mm must hold, and reads every page once more at the end.
/// </summary>
public sealed class MemoryOracle<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private readonly ExpectedMemory<TArch> expected = new(run);
    private readonly WriteBack<TArch> writeBack = new();
    private readonly FreedFrames freed = new();
    private readonly List<PinnedPage> pinned = [];
    private Machine final = run.Initial;
    private int followed;

    /// <summary>Judges the accesses of one side.</summary>
    public void Judge(Side<TArch> side, FindingList findings)
    {
        Begin(side);
        FollowTo(side.Trace.Count, side.Trace, findings);
        JudgeEnd(findings);
    }

    /// <summary>Begins to follow a run from its start.</summary>
    public void Begin(Side<TArch> side)
    {
        final = side.Machine;
        expected.Begin(final);
        writeBack.Begin();
        freed.Begin();
        pinned.Clear();
        for (var folio = 0; folio < run.Initial.FolioCount; folio++)
        {
            BeginPinned(folio);
        }

        followed = 0;
    }

    /// <summary>Follows the trace from where it stopped to the first <paramref name="count"/> events.</summary>
    public void FollowTo(int count, Trace trace, FindingList findings)
    {
        for (; followed < count; followed++)
        {
            Follow(trace.Events[followed], followed, findings);
        }
    }

    /// <summary>Adds to a hash all that decides how it judges what follows.</summary>
    public void AddTo(ref StateHash hash)
    {
        expected.AddTo(ref hash);
        writeBack.AddTo(ref hash);
        freed.AddTo(ref hash);
        hash.Add(pinned.Count);
        foreach (var pin in pinned)
        {
            hash.Add(((ulong)pin.Vpn << 32) | (uint)pin.Frame);
            hash.Add(pin.Mm);
        }
    }

    /// <summary>
    /// The pins of the initial state: those of a folio's mapped pages, in their order. Those of a file behind a
    /// private mapping do not bind it.
    /// </summary>
    private void BeginPinned(int folio)
    {
        var left = run.Initial.Folios[folio].Pins;
        for (var vma = 0; vma < run.Initial.VmaCount && left > 0; vma++)
        {
            ref readonly var owner = ref run.Initial.Vmas[vma];
            var binds = run.Initial.Folios[folio].IsAnon || owner.Has(VmaFlags.Shared);
            for (var vpn = owner.Start; vpn < owner.End && left > 0; vpn++)
            {
                var pte = run.Initial.Walk<TArch>(owner.Mm, vpn);
                if (!TArch.PtePresent(pte) || run.Initial.FolioOf(TArch.PtePfn(pte)) != folio)
                {
                    continue;
                }

                left--;
                if (binds)
                {
                    pinned.Add(new(owner.Mm, vpn, run.Initial.FrameOf(TArch.PtePfn(pte))));
                }
            }
        }
    }

    private void Follow(in TraceEvent e, int step, FindingList findings)
    {
        switch (e.Op)
        {
            case Primitive.PteStore:
                expected.EntryChanged(e);
                break;
            case Primitive.PmdStore:
                expected.PmdChanged(e);
                break;
            case Primitive.SetTlbUbcFlushPending:
                expected.FlushDeferred(e);
                break;
            case Primitive.CpuLoad or Primitive.DeviceLoad:
                CheckFreed(e, step, findings);
                if (!expected.Load(e, out var newest))
                {
                    Add(Rules.NewestWrite, e, step, findings, newest, e.B);
                }

                break;
            case Primitive.CpuStore or Primitive.DeviceStore:
                CheckFreed(e, step, findings);
                expected.Store(e);
                break;
            case Primitive.CopyPage:
                expected.PageCopied(e);
                break;
            case Primitive.CopyFromUser:
                expected.Filled(e);
                break;
            case Primitive.FolioAlloc:
                expected.PagesAllocated(e);
                break;
            case Primitive.ClearPage:
                expected.PageCleared(e);
                break;
            case Primitive.GupPin when expected.BindsPin(e):
                pinned.Add(new(e.Table, AccessEvent.Vpn(e), AccessEvent.Frame(e)));
                break;
            case Primitive.GupUnpin:
                pinned.Remove(new(e.Table, AccessEvent.Vpn(e), AccessEvent.Frame(e)));
                break;
            case Primitive.UserDiscard:
                Discard(e);
                break;
            case Primitive.WriteOut:
                writeBack.WrittenOut(e);
                break;
            case Primitive.FolioFree:
                freed.Add(e, run.Initial.PfnBase);
                break;
        }
    }

    private void CheckFreed(in TraceEvent e, int step, FindingList findings)
    {
        if (freed.Has(AccessEvent.Frame(e)))
        {
            Add(Rules.FreedPage, e, step, findings);
        }
    }

    /// <summary>User space gave the pages up: their pins no longer bind the tables.</summary>
    private void Discard(in TraceEvent e)
    {
        expected.Discard(e);
        for (var page = 0u; page < (uint)e.Nr; page++)
        {
            var origin = run.Operation.OriginOf(run.Call, e.Table, (uint)e.A + page);
            for (var i = pinned.Count - 1; i >= 0; i--)
            {
                var pin = pinned[i];
                if (
                    pin.Mm == e.Table
                    && run.Operation.OriginOf(run.Call, pin.Mm, pin.Vpn) == origin
                )
                {
                    pinned.RemoveAt(i);
                }
            }
        }
    }

    private void JudgeEnd(FindingList findings)
    {
        var call = run.Call;
        foreach (var pin in pinned)
        {
            var vpn = run.Operation.TargetOf(call, pin.Mm, pin.Vpn);
            var pte = final.Walk<TArch>(pin.Mm, vpn);
            var stays = TArch.PtePresent(pte)
                ? final.FrameOf(TArch.PtePfn(pte)) == pin.Frame
                : TArch.PteNone(pte) && IsCached(pin.Frame);
            if (!stays)
            {
                findings.Add(
                    AtEnd(Rules.PinnedPage, pin.Mm, pin.Vpn) with
                    {
                        Reference = (ulong)pin.Frame,
                    }
                );
            }
        }

        expected.JudgeEnd(findings);
        writeBack.JudgeEnd(final, findings);
    }

    /// <summary>Whether a fault would map the page of a file again, from the page cache; or user space has truncated the file.</summary>
    private bool IsCached(int frame)
    {
        ref readonly var folio = ref final.Folios[final.FrameFolios[frame]];
        return !folio.IsAnon && (folio.Flags & FolioFlags.Freed) == 0;
    }

    private static void Add(
        Rule rule,
        in TraceEvent e,
        int step,
        FindingList findings,
        ulong newest = 0,
        ulong read = 0
    ) =>
        findings.Add(
            AtEnd(rule, e.Table, AccessEvent.Vpn(e)) with
            {
                Step = step,
                Reference = newest,
                Candidate = read,
            }
        );

    private static Finding AtEnd(Rule rule, int mm, uint vpn) =>
        new()
        {
            Rule = rule,
            Role = PlaceRole.Source,
            Mm = mm,
            Place = vpn,
            Step = -1,
            Detail = "",
        };

    private readonly record struct PinnedPage(int Mm, uint Vpn, int Frame);
}
