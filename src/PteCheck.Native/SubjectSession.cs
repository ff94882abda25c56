using System.Runtime.CompilerServices;
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
    private readonly List<SubjectInvocation> queuedPlan = [];
    private readonly List<SubjectInvocation> plan = [];
    private readonly List<SubjectInvocation> made = [];
    private int planKnown;
    private bool planFailed;
    private ImageRoom room;
    private OperationCall call;
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
        queuedPlan.Clear();
        var shape = CaseImage.HeadOf(
            initial,
            call,
            ImageRoom.Of(initial) with
            {
                Tables = Foresee(initial, call, queuedPlan),
            }
        );
        var size = (int)shape.Size + (queuedPlan.Count * Unsafe.SizeOf<SubjectInvocation>());
        if (fillingCount == AreaLayout.Cases || fillingBytes + size > AreaLayout.DataSize)
        {
            return false;
        }

        filling ??= subject.Rent();
        PutCase(
            filling,
            fillingCount,
            fillingBytes,
            initial,
            shape,
            new(CollectionsMarshal.AsSpan(queuedPlan), 0, [])
        );
        fillingCount++;
        fillingBytes += size;
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
        this.call = call;
        plan.Clear();
        planKnown = 0;
        room = ImageRoom.Of(initial) with { Tables = Foresee(initial, call, plan) };
        head = CaseImage.HeadOf(initial, call, room);
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
        made.Clear();
        planFailed = false;
        ended = false;
        inInvocations = 0;
        interleaved = others is not null;
        if (others is null)
        {
            watch.Clear();
            return null;
        }

        watch.Begin(others, kernel.Machine, head);
        return watch;
    }

    /// <inheritdoc/>
    public bool RunsAgain()
    {
        var needed = room.With(watch.Needed);
        if (planFailed || needed != room)
        {
            CountRound();
            given = needed == room ? watch.Patches.ToArray() : [];
            GrowTo(needed);
            RunAlone();
            return true;
        }

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

        CountRound();
        planKnown = Math.Max(planKnown, made.Count);
        given = done.ToArray();
        RunAlone();
        return true;
    }

    /// <summary>Takes over what the last round has shown of the calls, and makes room.</summary>
    private void GrowTo(ImageRoom needed)
    {
        if (planFailed)
        {
            plan.Clear();
            plan.AddRange(made);
            planKnown = plan.Count;
        }

        if (needed != room)
        {
            room = needed;
            head = CaseImage.HeadOf(initial, call, room);
        }
    }

    private int Foresee(
        Machine machine,
        in OperationCall of,
        ICollection<SubjectInvocation> calls
    ) =>
        subject.Operation switch
        {
            SubjectOperation.Mremap => Foresight.Mremap(machine, of, calls),
            SubjectOperation.LazyfreeUnmap => Foresight.LazyfreeUnmap<TArch>(machine, of, calls),
            SubjectOperation.CollapseFile => Foresight.CollapseFile(machine, of, calls),
            _ => Foresight.FolioPteBatch(machine, of, calls),
        };

    private void CountRound()
    {
        if (++rounds > MaxRounds)
        {
            throw new InvalidOperationException(
                "A subject and the others in between do not come to an end."
            );
        }
    }

    private static bool Same(ReadOnlySpan<SubjectPatch> left, ReadOnlySpan<SubjectPatch> right) =>
        MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));

    private void RunAlone()
    {
        var child = subject.Rent();
        PutCase(child, 0, 0, initial, head, new(CollectionsMarshal.AsSpan(plan), planKnown, given));
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
        in Course course
    )
    {
        var data = child.Area.Data;
        CaseImage.Write(machine, shape, data[offset..]);
        var behind = offset + (int)shape.Size;
        var calls = MemoryMarshal.AsBytes(course.Plan);
        calls.CopyTo(data[behind..]);
        MemoryMarshal.AsBytes(course.Patches).CopyTo(data[(behind + calls.Length)..]);
        child.Area.Cases[index] = new()
        {
            Image = (uint)offset,
            Plan = (uint)behind,
            PlanCount = (uint)course.Plan.Length,
            PlanKnown = (uint)course.PlanKnown,
            Patches = (uint)(behind + calls.Length),
            PatchCount = (uint)course.Patches.Length,
        };
    }

    /// <summary>What happens around the function while the child runs it: how it is called, and what others change.</summary>
    private readonly ref struct Course(
        ReadOnlySpan<SubjectInvocation> plan,
        int planKnown,
        ReadOnlySpan<SubjectPatch> patches
    )
    {
        public ReadOnlySpan<SubjectInvocation> Plan { get; } = plan;

        public int PlanKnown { get; } = planKnown;

        public ReadOnlySpan<SubjectPatch> Patches { get; } = patches;
    }
}
