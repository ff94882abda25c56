using PteCheck.Checking.Running;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Oracles;

/// <summary>
/// What each page of each mm must read as. A page of private memory is known by its mm and its page number
/// before the run; a page of a file by its frame, which every mapping of it shares.
/// </summary>
internal sealed class ExpectedMemory<TArch>(CaseRun<TArch> run)
    where TArch : struct, IArch
{
    private readonly ExpectedPage[] places = new ExpectedPage[
        Machine.MaxPmds * Machine.TableStride
    ];
    private readonly ulong[] words = new ulong[Machine.MaxTables * Machine.TableStride];
    private readonly TableLinks links = new();
    private readonly ulong[] contents = new ulong[Machine.MaxFrames];

    private Machine machine = run.Initial;

    private Machine Initial => run.Initial;

    /// <summary>Begins with what the initial state holds.</summary>
    /// <param name="finalMachine">The machine of the side that is judged: it knows the folios that came during the run.</param>
    public void Begin(Machine finalMachine)
    {
        machine = finalMachine;
        Initial.PageContents.AsSpan(0, Initial.FrameCount).CopyTo(contents);
        links.Reset(Initial);
        for (var table = 0; table < finalMachine.TableCount; table++)
        {
            var own = words.AsSpan(Machine.PteIndex(table, 0), Initial.Slots);
            if (table < Initial.TableCount)
            {
                Initial.TableWords(table).CopyTo(own);
            }
            else
            {
                own.Clear();
            }
        }

        for (var pmd = 0; pmd < Initial.PmdCount; pmd++)
        {
            var owner = Initial.Pmds[pmd];
            for (var slot = 0; slot < Initial.Slots; slot++)
            {
                var vpn = owner.BaseVpn + (uint)slot;
                places[Machine.PteIndex(pmd, slot)] = InitialPlace(
                    owner.Mm,
                    vpn,
                    Initial.Walk<TArch>(owner.Mm, vpn)
                );
            }
        }

        BeginStale();
    }

    /// <summary>Pages that reclaim took away before the run and has not flushed yet.</summary>
    private void BeginStale()
    {
        for (var i = 0; i < run.InitialStale.Count; i++)
        {
            var stale = run.InitialStale[i];
            if (stale.Origin == StaleOrigin.Reclaim && Find(stale.Mm, stale.Vpn) is { } index)
            {
                places[index].Loose = true;
                places[index].Discarded = true;
            }
        }
    }

    /// <summary>
    /// An entry has another word now. A private mapping of a file that gets a page of its own holds from then on
    /// what that page holds.
    /// </summary>
    public void EntryChanged(in TraceEvent e)
    {
        words[Machine.PteIndex(e.Table, e.Slot)] = e.B;
        var link = links.LinkOf(e.Table);
        if (link >= 0)
        {
            EntryChanged(links[link], e.Slot, new(e.B));
        }
    }

    /// <summary>A PMD entry has another value now, and every page below it another entry.</summary>
    public void PmdChanged(in TraceEvent e)
    {
        links.Apply(e);
        ref readonly var pmd = ref links[e.Table];
        for (var slot = 0; slot < Initial.Slots; slot++)
        {
            var live =
                pmd.Entry.Table >= 0
                    ? new(words[Machine.PteIndex(pmd.Entry.Table, slot)])
                    : pmd.Entry.Page<TArch>(slot);
            EntryChanged(pmd, slot, live);
        }
    }

    private void EntryChanged(in Pmd pmd, int slot, Pte live)
    {
        if (Find(pmd.Mm, pmd.BaseVpn + (uint)slot) is not { } index)
        {
            return;
        }

        ref var place = ref places[index];
        place.Live = TArch.PtePresent(live)
            ? LiveFrame(TArch.PtePfn(live))
            : ExpectedPage.NotMapped;
        if (place.IsFile && place.Live >= 0 && IsAnon(place.Live))
        {
            place.IsFile = false;
            place.Token = contents[place.Live];
        }
    }

    /// <summary>A page has been copied.</summary>
    public void PageCopied(in TraceEvent e) => contents[(int)e.B] = contents[(int)e.A];

    /// <summary>Pages are new: full of zeroes, or as they were left.</summary>
    public void PagesAllocated(in TraceEvent e) =>
        contents.AsSpan(machine.FrameOf(e.A), e.Nr).Fill(e.B);

    /// <summary>A page gets zeroes.</summary>
    public void PageCleared(in TraceEvent e) => contents[(int)e.A] = Machine.ZeroContent;

    /// <summary>
    /// Whether a pin keeps its page mapped: that of an anonymous page and of a shared mapping does. The page of
    /// a file behind a private mapping gives way to a copy (mm/gup.c, gup_must_unshare).
    /// </summary>
    public bool BindsPin(in TraceEvent e) =>
        IsAnon(AccessEvent.Frame(e))
        || (Find(e.Table, AccessEvent.Vpn(e)) is { } place && places[place].Shared);

    /// <summary>Reclaim has put the flush of these pages off (relaxation R6).</summary>
    public void FlushDeferred(in TraceEvent e)
    {
        for (var page = 0u; page < (uint)e.Nr; page++)
        {
            if (Find(e.Table, (uint)e.A + page) is { } place)
            {
                places[place].Loose = true;
            }
        }
    }

    /// <summary>User space has given the pages up: they read as zero, and until the flush also as before.</summary>
    public void Discard(in TraceEvent e)
    {
        for (var page = 0u; page < (uint)e.Nr; page++)
        {
            if (Find(e.Table, (uint)e.A + page) is { } index)
            {
                ref var place = ref places[index];
                place.Loose = true;
                place.Discarded = true;
                place.Token = Machine.ZeroContent;
                place.OrZero = false;
                place.Known &= !place.InFile;
            }
        }
    }

    /// <summary>Whether a load may read what it read.</summary>
    /// <param name="e">The load.</param>
    /// <param name="newest">The newest content, where it may not.</param>
    public bool Load(in TraceEvent e, out ulong newest)
    {
        newest = 0;
        if (Find(e.Table, AccessEvent.Vpn(e)) is not { } index)
        {
            return true;
        }

        ref var place = ref places[index];
        var frame = AccessEvent.Frame(e);
        if (!place.Known || place.IsElsewhere(e))
        {
            return true;
        }

        var file = e.Op == Primitive.DeviceLoad && !IsAnon(frame);
        if (place.IsFile || file)
        {
            newest = frame < 0 ? e.B : contents[frame];
            return e.B == newest;
        }

        newest = place.Token;

        if (e.B == place.Token)
        {
            return true;
        }

        var zero = e.B == Machine.ZeroContent && place.OrZero;
        place.Token = zero ? Machine.ZeroContent : place.Token;
        return zero;
    }

    /// <summary>A store: from now on this is the newest write.</summary>
    public void Store(in TraceEvent e)
    {
        var frame = AccessEvent.Frame(e);
        if (frame >= 0)
        {
            contents[frame] = e.B;
        }

        if (Find(e.Table, AccessEvent.Vpn(e)) is not { } index)
        {
            return;
        }

        ref var place = ref places[index];
        if (place.IsElsewhere(e) && (place.Discarded || place.Droppable))
        {
            return;
        }

        place.IsFile &= place.Shared && frame >= 0 && IsFilePage(place, frame);
        place.Known = true;
        place.Token = e.B;
        place.OrZero = place.Droppable;
    }

    /// <summary>UFFDIO_COPY fills an empty slot: the page holds what user space gave. A droppable VMA cannot be armed.</summary>
    public void Filled(in TraceEvent e)
    {
        contents[AccessEvent.Frame(e)] = e.B;
        if (Find(e.Table, AccessEvent.Vpn(e)) is { } index)
        {
            ref var place = ref places[index];
            place.IsFile = false;
            place.Known = true;
            place.Token = e.B;
            place.OrZero = false;
        }
    }

    /// <summary>Adds what is expected to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        for (var pmd = 0; pmd < Initial.PmdCount; pmd++)
        {
            foreach (
                ref readonly var place in places.AsSpan(Machine.PteIndex(pmd, 0), Initial.Slots)
            )
            {
                hash.Add(place.Token);
                hash.Add(((ulong)(uint)place.Live << 32) | place.Flags);
            }
        }

        hash.Add(contents.AsSpan(0, Initial.FrameCount));
    }

    /// <summary>PTB401 at the end: what a load of each page would read.</summary>
    public void JudgeEnd(FindingList findings)
    {
        var call = run.Call;
        for (var pmd = 0; pmd < Initial.PmdCount; pmd++)
        {
            var owner = Initial.Pmds[pmd];
            for (var slot = 0; slot < Initial.Slots; slot++)
            {
                ref readonly var place = ref places[Machine.PteIndex(pmd, slot)];
                var vpn = owner.BaseVpn + (uint)slot;
                if (
                    !place.Known
                    || place.IsFile
                    || run.Operation.OriginOf(call, owner.Mm, vpn) != vpn
                )
                {
                    continue;
                }

                var target = run.Operation.TargetOf(call, owner.Mm, vpn);
                if (
                    Content(machine, machine.Walk<TArch>(owner.Mm, target)) is { } content
                    && content != place.Token
                    && !(content == Machine.ZeroContent && place.OrZero)
                )
                {
                    findings.Add(
                        new()
                        {
                            Rule = Rules.NewestWrite,
                            Role = PlaceRole.Source,
                            Mm = owner.Mm,
                            Place = vpn,
                            Reference = place.Token,
                            Candidate = content,
                            Step = -1,
                            Detail = "",
                        }
                    );
                }
            }
        }
    }

    private ExpectedPage InitialPlace(int mm, uint vpn, Pte pte)
    {
        var vma = Initial.FindVma(mm, vpn);
        if (vma < 0 || Content(Initial, pte) is not { } content)
        {
            return new() { Live = ExpectedPage.NotMapped };
        }

        var flags = Initial.Vmas[vma].Flags;
        var frame = TArch.PtePresent(pte) ? LiveFrame(TArch.PtePfn(pte)) : ExpectedPage.NotMapped;
        var folio = frame >= 0 ? Initial.FrameFolios[frame] : -1;
        var file = folio >= 0 && !Initial.Folios[folio].IsAnon;
        var droppable = (flags & VmaFlags.Droppable) != 0;
        var lazyfree = folio >= 0 && Initial.Folios[folio].Kind == FolioKind.Lazyfree;
        var written =
            lazyfree
            && (
                TArch.PteDirty(pte)
                || (Initial.Folios[folio].Flags & (FolioFlags.Dirty | FolioFlags.Swapbacked)) != 0
            );
        var empty = TArch.PteNone(pte) && (flags & VmaFlags.FileBacked) != 0;
        return new()
        {
            Token = content,
            Live = frame,
            Known = !empty,
            IsFile = file,
            InFile = (flags & VmaFlags.FileBacked) != 0,
            Shared = (flags & VmaFlags.Shared) != 0,
            Droppable = droppable,
            OrZero = droppable || (lazyfree && !written),
        };
    }

    /// <summary>What an entry reads as; null where that is not in memory.</summary>
    private static ulong? Content(Machine of, Pte pte)
    {
        if (TArch.PteNone(pte))
        {
            return Machine.ZeroContent;
        }

        var present = TArch.PtePresent(pte);
        if (!present && TArch.SwpType(pte) is not SwapType.DeviceExclusive)
        {
            return null;
        }

        var frame = of.FrameOf(present ? TArch.PtePfn(pte) : TArch.SwpOffset(pte));
        return frame >= 0 ? of.PageContents[frame] : Machine.ZeroContent;
    }

    /// <summary>Whether a store to a frame is one to the file: it is mapped, or nothing is and the page is the file's own.</summary>
    private bool IsFilePage(in ExpectedPage place, int frame) =>
        place.Live == frame || (place.Live == ExpectedPage.NotMapped && !IsAnon(frame));

    private bool IsAnon(int frame) =>
        frame >= 0 && machine.Folios[machine.FrameFolios[frame]].IsAnon;

    private int LiveFrame(ulong pfn) => machine.FrameOf(pfn);

    /// <summary>The place of a page number; that of its origin where the operation moves it.</summary>
    private int? Find(int mm, uint vpn)
    {
        var origin = run.Operation.OriginOf(run.Call, mm, vpn);
        var pmd = Initial.FindPmd(mm, origin);
        return pmd < 0 ? null : Machine.PteIndex(pmd, (int)origin & (Initial.Slots - 1));
    }
}
