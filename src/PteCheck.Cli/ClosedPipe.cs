using System.Runtime.InteropServices;

namespace PteCheck.Cli;

/// <summary>
/// What happens when nobody reads standard output any more (<c>ptecheck rules | head -1</c>). The
/// run time ignores SIGPIPE, and its console drops what cannot be written, so that a long campaign
/// would go on for nobody.
/// </summary>
internal static partial class ClosedPipe
{
    private const int Sigpipe = 13;
    private const nint Default = 0;

    /// <summary>Gives SIGPIPE back its default: the process ends quietly, as others do.</summary>
    public static void EndsTheProcess()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            _ = Signal(Sigpipe, Default);
        }
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);
}
