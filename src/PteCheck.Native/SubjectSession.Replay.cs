using PteCheck.Kernel.Mremap;
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
    private int inExtents;

    /// <inheritdoc/>
    public void MovePtes(KernelContext<TArch> kernel, in MoveExtent extent)
    {
        watch.Inside = true;
        do
        {
            var begin = Take(kernel);
            if (
                begin.Op != SubjectOp.MoveBegin
                || begin.A != extent.OldVpn
                || begin.Nr != extent.Pages
            )
            {
                throw Bypass(kernel, "the log of calls");
            }

            Array.Clear(maps);
        } while (CarryOut(kernel, extent) < 0);

        watch.Inside = false;
        inExtents = watch.Patches.Count;
        if (next == answers.Records(index).Length)
        {
            Compare(kernel);
        }
    }

    /// <inheritdoc/>
    public void End(KernelContext<TArch> kernel)
    {
        ended = true;
        watch.DropFrom(inExtents);
        if (next < answers.Records(index).Length)
        {
            throw Bypass(kernel, "the log of calls");
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

    /// <returns>What move_ptes returned.</returns>
    private int CarryOut(KernelContext<TArch> kernel, in MoveExtent extent)
    {
        while (true)
        {
            var record = Take(kernel);
            if (record.Op == SubjectOp.MoveEnd)
            {
                NoteSite(kernel.Trace.Count, default);
                return (int)record.Result;
            }

            var (result, result2) = Call(kernel, record, extent);
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
        for (var table = 0; table < machine.TableCount; table++)
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
