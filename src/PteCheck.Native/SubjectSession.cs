using System.Runtime.InteropServices;
using PteCheck.Kernel.Interference;
using PteCheck.Kernel.Operations;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>
/// The runs of a subject for one thread. The child runs it over an image of the machine; here the calls in its
/// log are carried out on the machine itself, and what each returned is compared. What others do in between is
/// known only here: a run that they take part in is repeated with their changes put into the child's image,
/// until the subject has seen all of them.
/// </summary>
internal sealed partial class SubjectSession<TArch>(CompiledSubject subject)
    : ISubjectSession<TArch>
    where TArch : struct, IArch
{
    /// <summary>Rounds after which a run with others is given up; each settles one change more at least.</summary>
    private const int MaxRounds = 256;

    private readonly Answers queuedAnswers = new();
    private readonly Answers singleAnswers = new();
    private readonly Watch watch = new();
    private SubjectPatch[] given = [];
    private SubjectProcess? filling;
    private int fillingCount;
    private int fillingBytes;
    private int nextQueued;
    private bool takeQueued;
    private Answers answers = null!;
    private int index;
    private Machine initial = null!;
    private SubjectImage head;
    private int rounds;
    private bool interleaved;

    /// <inheritdoc/>
    public bool Queue(Machine initial, in OperationCall call)
    {
        var shape = CaseImage.HeadOf(initial, call);
        if (
            fillingCount == AreaLayout.Cases
            || fillingBytes + (int)shape.Size > AreaLayout.DataSize
        )
        {
            return false;
        }

        filling ??= subject.Rent();
        PutCase(filling, fillingCount, fillingBytes, initial, shape, []);
        fillingCount++;
        fillingBytes += (int)shape.Size;
        return true;
    }

    /// <inheritdoc/>
    public void HandOver()
    {
        nextQueued = 0;
        if (filling is not { } child)
        {
            return;
        }

        Fetch(queuedAnswers, child, fillingCount);
        filling = null;
        fillingCount = 0;
        fillingBytes = 0;
    }

    /// <inheritdoc/>
    public void TakeQueued() => takeQueued = true;

    /// <inheritdoc/>
    public void Begin(Machine initial, in OperationCall call)
    {
        this.initial = initial;
        head = CaseImage.HeadOf(initial, call);
        given = [];
        rounds = 0;
        if (takeQueued)
        {
            takeQueued = false;
            answers = queuedAnswers;
            index = nextQueued++;
            if (answers.Case(index).Status != SubjectStatus.NotRun)
            {
                return;
            }
        }

        RunAlone();
    }

    /// <inheritdoc/>
    public IInterference? BeginReplay(KernelContext<TArch> kernel, IInterference? others)
    {
        next = 0;
        siteCount = 0;
        ended = false;
        inExtents = 0;
        interleaved = others is not null;
        if (others is null)
        {
            watch.Patches.Clear();
            return null;
        }

        watch.Begin(others, kernel.Machine, head);
        return watch;
    }

    /// <inheritdoc/>
    public bool RunsAgain()
    {
        if (!interleaved)
        {
            return false;
        }

        var done = CollectionsMarshal.AsSpan(watch.Patches);
        var seen = done.Length <= given.Length && Same(done, given.AsSpan(0, done.Length));
        if (seen && (!ended || done.Length == given.Length))
        {
            return false;
        }

        if (++rounds > MaxRounds)
        {
            throw new InvalidOperationException(
                "A subject and the others in between do not come to an end."
            );
        }

        given = done.ToArray();
        RunAlone();
        return true;
    }

    private static bool Same(ReadOnlySpan<SubjectPatch> left, ReadOnlySpan<SubjectPatch> right) =>
        MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));

    private void RunAlone()
    {
        var child = subject.Rent();
        PutCase(child, 0, 0, initial, head, given);
        Fetch(singleAnswers, child, 1);
        answers = singleAnswers;
        index = 0;
    }

    private void Fetch(Answers into, SubjectProcess child, int count)
    {
        into.Fetch(child, count);
        if (into.TimedOut)
        {
            subject.NoteTimeOut();
        }

        subject.Return(child);
    }

    private static void PutCase(
        SubjectProcess child,
        int index,
        int offset,
        Machine machine,
        in SubjectImage shape,
        ReadOnlySpan<SubjectPatch> patches
    )
    {
        var data = child.Area.Data;
        CaseImage.Write(machine, shape, data[offset..]);
        var behind = offset + (int)shape.Size;
        MemoryMarshal.AsBytes(patches).CopyTo(data[behind..]);
        child.Area.Cases[index] = new()
        {
            Image = (uint)offset,
            Patches = (uint)behind,
            PatchCount = (uint)patches.Length,
        };
    }
}
