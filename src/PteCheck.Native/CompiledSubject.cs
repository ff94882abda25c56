using System.Collections.Concurrent;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>A subject that is compiled and loads, with the children that run it: as many as threads use it at once.</summary>
public sealed class CompiledSubject : ISubject, IDisposable
{
    private readonly ConcurrentBag<SubjectProcess> idle = [];
    private readonly string program;
    private readonly string? library;
    private volatile int timeLimit;

    /// <summary>CPU time of a case, in milliseconds, once a case has taken too much: then it is known what is looked for.</summary>
    private const int ShortLimit = 50;

    /// <summary>Starts the first child.</summary>
    /// <param name="file">The file, as the user names it.</param>
    /// <param name="program">The program that runs it.</param>
    /// <param name="library">The shared object that the program loads; null when the subject is in it.</param>
    /// <param name="timeLimit">CPU time of a case in milliseconds.</param>
    /// <exception cref="SubjectException">It cannot be loaded.</exception>
    internal CompiledSubject(string file, string program, string? library, int timeLimit)
    {
        File = file;
        this.program = program;
        this.library = library;
        this.timeLimit = timeLimit;
        var first = Rent();
        Operation = (SubjectOperation)first.Area.Control.Operation;
        Kernel = first.Area.Control.Kernel switch
        {
            615 => KernelVersion.V6_15,
            617 => KernelVersion.V6_17,
            _ => KernelVersion.V7_2,
        };
        Return(first);
    }

    /// <inheritdoc/>
    public string File { get; }

    /// <summary>The operation that it has an entry for.</summary>
    public SubjectOperation Operation { get; }

    /// <summary>The generation of names that it is compiled with.</summary>
    public KernelVersion Kernel { get; }

    /// <summary>The implementation as commands name it: <c>mremap/subject:my_move.c</c>.</summary>
    public Implementation AsImplementation() =>
        new()
        {
            Operation = SubjectTemplates.NameOf(Operation),
            Name = $"subject:{Path.GetFileName(File)}",
            Kernel = Kernel,
            Models = $"the function in {File}",
            Subject = this,
        };

    /// <inheritdoc/>
    public ISubjectSession<TArch> Open<TArch>()
        where TArch : struct, IArch => new SubjectSession<TArch>(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (idle.TryTake(out var child))
        {
            child.Dispose();
        }
    }

    /// <summary>A child for a hand-over.</summary>
    internal SubjectProcess Rent()
    {
        if (!idle.TryTake(out var child))
        {
            return new(program, library, timeLimit);
        }

        child.TimeLimit = timeLimit;
        return child;
    }

    /// <summary>Notes that a case did not end.</summary>
    internal void NoteTimeOut() => timeLimit = Math.Min(timeLimit, ShortLimit);

    /// <summary>Gives a child back.</summary>
    internal void Return(SubjectProcess child) => idle.Add(child);
}
