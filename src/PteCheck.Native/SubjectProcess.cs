using System.Diagnostics;
using System.Globalization;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>A child that runs a subject, and the memory shared with it. Used by one thread at a time.</summary>
internal sealed class SubjectProcess : IDisposable
{
    private readonly Process process;
    private readonly Stream commands;
    private readonly Stream replies;

    /// <summary>Starts a child and waits until the subject is loaded.</summary>
    /// <exception cref="SubjectException">The subject cannot be loaded.</exception>
    public SubjectProcess(string program, string? library, int timeLimit)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Area.Path);
        if (library is not null)
        {
            start.ArgumentList.Add(library);
        }

        Area.Control.Fuel = AreaLayout.Fuel;
        TimeLimit = timeLimit;
        process = Process.Start(start)!;
        commands = process.StandardInput.BaseStream;
        replies = process.StandardOutput.BaseStream;
        var ready = replies.ReadByte() >= 0 && Area.Control.Ready == 1;
        Area.Unlink();
        if (!ready)
        {
            var message = Area.Message;
            Dispose();
            throw new SubjectException(
                message.Length > 0 ? message : "the process that runs it does not start"
            );
        }
    }

    /// <summary>The shared memory.</summary>
    public SharedArea Area { get; } = new();

    /// <summary>CPU time of a case in milliseconds.</summary>
    public int TimeLimit
    {
        set => Area.Control.TimeLimit = (uint)value;
    }

    /// <summary>Lets the child go on with the cases of the hand-over; returns when it has done all it has room for.</summary>
    public void GoOn()
    {
        commands.WriteByte(1);
        commands.Flush();
        if (replies.ReadByte() < 0)
        {
            process.WaitForExit(2000);
            throw new SubjectException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the process that runs it has ended{(process.HasExited ? $" with exit code {process.ExitCode}" : "")}"
                )
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        commands.Dispose();
        if (!process.WaitForExit(2000))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
        Area.Dispose();
    }
}
