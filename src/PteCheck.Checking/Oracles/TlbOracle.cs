using PteCheck.Checking.Running;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// Translations must be gone when they may no longer be used: at every drop of a page-table lock, at
/// the return to user space, when a folio is freed, and on arm64 whenever a CONT bit changes. Follows the trace with the
/// stale set, beside a copy of the entries as they stood at each event.
/// </summary>
public sealed partial class TlbOracle<TArch>(Machine initial, IList<StaleEntry> initialStale)
    where TArch : struct, IArch
{
    private readonly StaleSet<TArch> stale = new(initial)
    {
        Words = new ulong[Machine.MaxTables * Machine.TableStride],
    };
    private bool wordsKnown;
    private uint pendingMms;
    private bool tookLock;

    private ulong[] Words => stale.Words;

    /// <summary>When the operation owes what; that of mremap where nothing else is said.</summary>
    public TlbObligations Obligations { get; set; } =
        TlbObligations.AllAtUnlock | TlbObligations.RangeAtReturn;

    /// <summary>Judges the trace of one side, which started from the initial machine.</summary>
    public void Judge(Side<TArch> side, in OperationCall call, FindingList findings)
    {
        Begin();
        var events = side.Trace.Events;
        for (var step = 0; step < events.Length; step++)
        {
            Follow(events, step, call, findings);
        }
    }

    /// <summary>Begins with what could be stale before the run.</summary>
    private void Begin()
    {
        stale.Reset();
        for (var i = 0; i < initialStale.Count; i++)
        {
            stale.Add(initialStale[i]);
        }

        wordsKnown = false;
        tookLock = false;
        pendingMms = InitiallyPending();
    }

    /// <summary>Follows what one event changes, and judges it.</summary>
    private void Follow(
        ReadOnlySpan<TraceEvent> events,
        int step,
        in OperationCall call,
        FindingList findings
    )
    {
        ref readonly var e = ref events[step];
        switch (e.Op)
        {
            case Primitive.PteStore:
                CheckCont(e, step, findings);
                if (wordsKnown)
                {
                    Words[Machine.PteIndex(e.Table, e.Slot)] = e.B;
                }

                stale.Apply(e);
                break;
            case Primitive.PtlLock when e.Actor == 0:
                tookLock = true;
                break;
            case Primitive.PmdStore:
                LearnWords(events[..step]);
                stale.Apply(e);
                break;
            case Primitive.TableAlloc when wordsKnown:
                Words.AsSpan(Machine.PteIndex(e.Table, 0), initial.Slots).Clear();
                break;
            case Primitive.SetTlbUbcFlushPending:
                NotePending(e);
                break;
            case Primitive.TlbFlushRange
            or Primitive.TlbFlushMm
            or Primitive.NotifierStart
            or Primitive.NotifierEnd:
                stale.Apply(e);
                break;
            default:
                Check(events, step, call, findings);
                break;
        }
    }

    /// <summary>Judges an event by which something must be flushed.</summary>
    private void Check(
        ReadOnlySpan<TraceEvent> events,
        int step,
        in OperationCall call,
        FindingList findings
    )
    {
        ref readonly var e = ref events[step];
        switch (e.Op)
        {
            case Primitive.TableFree or Primitive.TableDeposit:
                CheckTableFree(e, step, findings);
                break;
            case Primitive.PtlUnlock when stale.Count > 0 && e.Actor == 0:
                LearnWords(events[..step]);
                Assign(e.Table);
                CheckUnlock(call, step, findings);
                break;
            case Primitive.RemoveRmap
                when stale.Count > 0 && e.Actor == 0 && Owes(TlbObligations.DirtyFileAtRmap):
                CheckRemoveRmap(e, step, findings);
                break;
            case Primitive.CopyPage:
                CheckStores(e, Rules.StoreDuringCopy, step, findings);
                LearnWords(events[..step]);
                CheckLiveStores(e, step, findings);
                break;
            case Primitive.WriteOut when stale.Count > 0:
                CheckStores(e, Rules.StaleAtWriteOut, step, findings);
                break;
            case Primitive.FolioFree:
                LearnWords(events[..step]);
                CheckFreeMapped(e, step, findings);
                CheckFree(e, step, findings);
                break;
            case Primitive.ReturnToUser when stale.Count > 0:
                LearnWords(events[..step]);
                CheckReturn(call, step, findings);
                break;
        }
    }

    /// <summary>
    /// The operation drops the lock of a table: what it took away there, and what others took away before, is its
    /// own to flush. What the entries still grant at this moment is not: only others can take that away later.
    /// </summary>
    private void Assign(int table)
    {
        var link = stale.Links.LastLinkOf(table);
        if (link < 0)
        {
            return;
        }

        ref readonly var pmd = ref stale.Links[link];
        foreach (ref var entry in stale.MutableEntries)
        {
            if (entry.Mm != pmd.Mm || entry.Vpn - pmd.BaseVpn >= (uint)initial.Slots)
            {
                continue;
            }

            entry.Origin = entry.Origin == StaleOrigin.Other ? StaleOrigin.Seen : entry.Origin;
            if (entry.Origin is StaleOrigin.Run or StaleOrigin.Seen && IsGranted(entry))
            {
                entry.Origin = StaleOrigin.Other;
            }
        }
    }

    /// <summary>The entries as they stand after some events; kept up to date from then on, and made only when asked for.</summary>
    private void LearnWords(ReadOnlySpan<TraceEvent> events)
    {
        if (wordsKnown)
        {
            return;
        }

        wordsKnown = true;
        for (var table = 0; table < initial.TableCount; table++)
        {
            initial.TableWords(table).CopyTo(Words.AsSpan(table * Machine.TableStride));
        }

        foreach (ref readonly var e in events)
        {
            if (e.Op == Primitive.PteStore)
            {
                Words[Machine.PteIndex(e.Table, e.Slot)] = e.B;
            }
            else if (e.Op == Primitive.TableAlloc)
            {
                Words.AsSpan(Machine.PteIndex(e.Table, 0), initial.Slots).Clear();
            }
        }
    }

    /// <summary>The mms in which reclaim has a flush pending from before.</summary>
    private uint InitiallyPending()
    {
        var mms = 0u;
        for (var mm = 0; mm < initial.MmCount; mm++)
        {
            var generations = initial.Mms[mm].TlbFlushBatched;
            mms |= (generations & 0x7fff) != generations >> 16 ? 1u << mm : 0;
        }

        return mms;
    }

    /// <summary>A deferred flush: whoever takes the lock later will flush the mm.</summary>
    private void NotePending(in TraceEvent e)
    {
        if (TArch.PteAccessible(new(e.B), initial.Mms[e.Table].TlbFlushPending > 0))
        {
            pendingMms |= 1u << e.Table;
        }
    }

    private bool Owes(TlbObligations obligation) => (Obligations & obligation) != 0;

    private void CheckUnlock(in OperationCall call, int step, FindingList findings)
    {
        foreach (ref readonly var entry in stale.Entries)
        {
            var deferred = call.Deferred && (pendingMms & (1u << entry.Mm)) != 0;
            var owed =
                Owes(TlbObligations.AllAtUnlock)
                || (Owes(TlbObligations.DirtyFileAtUnlock) && WritesFile(entry));
            if (entry.Origin == StaleOrigin.Run && owed && !deferred)
            {
                Report(
                    entry,
                    entry.CpuPages,
                    call.Deferred ? Rules.DeferredNotPending : Rules.StaleAtUnlock,
                    step,
                    findings,
                    0,
                    uint.MaxValue
                );
            }
        }
    }

    /// <summary>
    /// PTB202 and PTB204. What others left is owed by who took a page-table lock, and so had to call
    /// flush_tlb_batched_pending; an mprotect to the rights that are there takes none.
    /// </summary>
    private void CheckReturn(in OperationCall call, int step, FindingList findings)
    {
        foreach (ref readonly var entry in stale.Entries)
        {
            var left = tookLock && Owes(TlbObligations.RangeAtReturn);
            var owed =
                entry.Origin == StaleOrigin.Run || (left && entry.Origin != StaleOrigin.Other);
            if (entry.Mm != call.Mm || !owed)
            {
                continue;
            }

            Report(
                entry,
                entry.CpuPages,
                Rules.StaleAtReturn,
                step,
                findings,
                call.Vpn,
                call.Pages
            );
            Report(
                entry,
                entry.DevicePages,
                Rules.SecondaryMmu,
                step,
                findings,
                call.Vpn,
                call.Pages
            );
        }
    }

    /// <summary>Reports the first page that is still held, lies in the range, and is not granted by the entries.</summary>
    private void Report(
        in StaleEntry entry,
        uint pages,
        Rule rule,
        int step,
        FindingList findings,
        uint start,
        uint count
    )
    {
        for (var page = 0u; pages >> (int)page != 0; page++)
        {
            var vpn = entry.Vpn + page;
            if ((pages & (1u << (int)page)) == 0 || vpn - start >= count || Granted(entry, page))
            {
                continue;
            }

            Add(entry, page, rule, step, findings);
            return;
        }
    }

    private static void Add(
        in StaleEntry entry,
        uint page,
        Rule rule,
        int step,
        FindingList findings
    ) =>
        findings.Add(
            new()
            {
                Rule = rule,
                Role = PlaceRole.Source,
                Mm = entry.Mm,
                Place = entry.Vpn + page,
                Reference = 0,
                Candidate = TArch.PteAdvancePfn(new(entry.Word), (int)page).Word,
                Step = step,
                Detail = "",
            }
        );

    private static bool Holds(uint pages, uint first, uint vpn) =>
        vpn - first < 32 && (pages & (1u << (int)(vpn - first))) != 0;
}
