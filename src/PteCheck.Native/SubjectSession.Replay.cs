using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Machines;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>Carrying the calls of a log out.</summary>
internal sealed partial class SubjectSession<TArch>
{
    private readonly PtePointer[] maps = new PtePointer[AreaLayout.Aliases];
    private (int Event, ushort File, int Line)[] sites = new (int, ushort, int)[64];
    private int siteCount;
    private int next;
    private bool ended;
    private int inInvocations;

    /// <inheritdoc/>
    public long Invoke(KernelContext<TArch> kernel, in SubjectInvocation call)
    {
        var number = made.Count;
        made.Add(call);
        var isLast =
            next == answers.Records(index).Length
            && answers.Case(index).Status == SubjectStatus.Returned;
        if (
            isLast
            || kernel.Machine.TableCount > head.TableCount
            || number >= plan.Count
            || plan[number] != call
        )
        {
            planFailed = true;
            watch.Need(kernel.Machine);
            throw new RunStoppedException();
        }

        walk = new(call.Mm, call.Vma, this.call.Folio, call.Vpn, call.Vpn + call.Pages);
        filemapReferences = 0;
        watch.Inside = true;
        bool again;
        long result;
        do
        {
            var begin = Take(kernel);
            if (begin.Op != SubjectOp.Begin || begin.Nr != number)
            {
                throw Bypass(kernel, "the log of calls");
            }

            watch.CountCall();
            Array.Clear(maps);
            (result, again) = CarryOut(kernel, call);
        } while (again);

        watch.Inside = false;
        CheckUnlocked(kernel);
        inInvocations = watch.Patches.Count;
        if (next == answers.Records(index).Length)
        {
            Compare(kernel);
        }

        return result;
    }

    /// <inheritdoc/>
    public void End(KernelContext<TArch> kernel)
    {
        ended = true;
        watch.DropFrom(inInvocations);
        if (next < answers.Records(index).Length)
        {
            planFailed = true;
            throw new RunStoppedException();
        }
    }

    /// <inheritdoc/>
    public SourceSite? SiteOf(int step)
    {
        var at = siteCount - 1;
        while (at >= 0 && sites[at].Event > step)
        {
            at--;
        }

        return at < 0 || sites[at].Line == 0
            ? null
            : new(answers.FileName(sites[at].File), sites[at].Line);
    }

    /// <returns>What the function returned, and whether it is called once more.</returns>
    private (long Result, bool Again) CarryOut(
        KernelContext<TArch> kernel,
        in SubjectInvocation range
    )
    {
        while (true)
        {
            var record = Take(kernel);
            if (record.Op == SubjectOp.End)
            {
                NoteSite(kernel.Trace.Count, default);
                return ((long)record.Result, record.Nr != 0);
            }

            var (result, result2) = Call(kernel, record, range);
            if ((record.Flags & SubjectRecord.Returned) == 0)
            {
                throw BrokenOff(kernel);
            }

            var sawOthers = !interleaved || answers.Records(index)[next - 1].Events == watch.Events;
            if (result != record.Result || result2 != record.Result2 || !sawOthers)
            {
                throw Bypass(kernel, KernelNames.Of(record.Op));
            }
        }
    }

    /// <summary>The next call of the log; at its end the fault that ended it.</summary>
    private SubjectRecord Take(KernelContext<TArch> kernel)
    {
        var records = answers.Records(index);
        if (next == records.Length)
        {
            throw BrokenOff(kernel);
        }

        ref readonly var record = ref records[next++];
        NoteSite(kernel.Trace.Count, record);
        return record;
    }

    private void NoteSite(int at, in SubjectRecord record)
    {
        if (siteCount == sites.Length)
        {
            Array.Resize(ref sites, 2 * siteCount);
        }

        sites[siteCount++] = (at, record.File, (int)record.Line);
    }

    /// <summary>What the subject left in the tables must be what its calls leave there.</summary>
    private void Compare(KernelContext<TArch> kernel)
    {
        ref readonly var one = ref answers.Case(index);
        if (one.Status != SubjectStatus.Returned)
        {
            throw BrokenOff(kernel);
        }

        var machine = kernel.Machine;
        var words = answers.Words(index);
        for (var table = 0; table < Math.Min(machine.TableCount, (int)head.TableCount); table++)
        {
            var left = words.Slice(table * machine.Slots, machine.Slots);
            var slot = left.CommonPrefixLength(machine.TableWords(table));
            if (slot < machine.Slots)
            {
                kernel.NoteFault(FaultKind.SubjectBypass, table, slot, "a store without a helper");
                throw new RunStoppedException();
            }
        }
    }

    /// <summary>The function has returned: it may not keep a page-table lock.</summary>
    private static void CheckUnlocked(KernelContext<TArch> kernel)
    {
        for (var table = 0; table < kernel.Machine.TableCount; table++)
        {
            if (kernel.Machine.Tables[table].PtlHeld)
            {
                kernel.NoteFault(FaultKind.LockMisuse, table, 0, "the end of the function");
            }
        }
    }

    private static RunStoppedException Bypass(KernelContext<TArch> kernel, string by)
    {
        kernel.NoteFault(FaultKind.SubjectBypass, -1, 0, by);
        return new();
    }

    private RunStoppedException BrokenOff(KernelContext<TArch> kernel)
    {
        ref readonly var one = ref answers.Case(index);
        var (kind, words) = EndWords.Of(one, answers.Message, kernel.Machine);
        kernel.NoteFault(kind, -1, 0, words);
        return new();
    }
}
