using PteCheck.Kernel.Interference;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Operations;

/// <summary>An implementation from outside: a function that ran elsewhere and left a log of its calls of primitives.</summary>
public interface ISubject
{
    /// <summary>The name of the file that it comes from.</summary>
    string File { get; }

    /// <summary>A session for one thread.</summary>
    ISubjectSession<TArch> Open<TArch>()
        where TArch : struct, IArch;
}

/// <summary>
/// Runs of a subject, for one side of the cases of one thread. The subject runs over a copy of the state; then
/// its calls are carried out once more on the machine of the side, so that everybody who judges a run of an
/// implementation of this project judges that of a subject just so.
/// </summary>
public interface ISubjectSession<TArch>
    where TArch : struct, IArch
{
    /// <summary>Adds a case to the next hand-over; false when that is full.</summary>
    bool Queue(Machine initial, in OperationCall call);

    /// <summary>Lets the subject run in all cases queued. Their runs begin in that order, each after <see cref="TakeQueued"/>.</summary>
    void HandOver();

    /// <summary>Says that the next run is that of the next case queued.</summary>
    void TakeQueued();

    /// <summary>Begins the run of a case: the subject runs, unless it has done so already.</summary>
    void Begin(Machine initial, in OperationCall call);

    /// <summary>Begins to carry the calls out on a machine that stands as at the start.</summary>
    /// <param name="kernel">The primitives.</param>
    /// <param name="others">What others do in between; null when nobody else runs.</param>
    /// <returns>What to put in the place of <paramref name="others"/>.</returns>
    IInterference? BeginReplay(KernelContext<TArch> kernel, IInterference? others);

    /// <summary>Carries out what the function did in one call of it, and returns what it returned.</summary>
    /// <exception cref="RunStoppedException">
    /// After a fault that the run cannot go on from, or where the function has not been called so yet:
    /// <see cref="RunsAgain"/> then has it called so.
    /// </exception>
    long Invoke(KernelContext<TArch> kernel, in SubjectInvocation call);

    /// <summary>The operation has returned: notes what the subject changed past the primitives.</summary>
    void End(KernelContext<TArch> kernel);

    /// <summary>
    /// Whether others did something that the subject has not seen, or the code around it calls it otherwise than
    /// was foreseen: it then has run once more, and its calls are to be carried out again.
    /// </summary>
    bool RunsAgain();

    /// <summary>Where in the source the call stands that made an event of the trace; null when no call did.</summary>
    SourceSite? SiteOf(int step);
}

/// <summary>A line of a subject.</summary>
/// <param name="File">The file, as the compiler was given it.</param>
/// <param name="Line">The line, from 1.</param>
public readonly record struct SourceSite(string File, int Line)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File}:{Line}");
}
