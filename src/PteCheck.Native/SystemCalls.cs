using System.Globalization;
using System.Runtime.InteropServices;

namespace PteCheck.Native;

/// <summary>Names of the system calls that subjects may try.</summary>
internal static class SystemCalls
{
    private static readonly Dictionary<int, string> X64 = new()
    {
        [0] = "read",
        [1] = "write",
        [2] = "open",
        [9] = "mmap, to allocate memory",
        [12] = "brk, to allocate memory",
        [13] = "rt_sigaction, to change a signal handler",
        [14] = "rt_sigprocmask",
        [35] = "nanosleep",
        [39] = "getpid",
        [41] = "socket",
        [56] = "clone",
        [57] = "fork",
        [58] = "vfork",
        [59] = "execve",
        [60] = "exit",
        [61] = "wait4",
        [62] = "kill",
        [186] = "gettid",
        [230] = "clock_nanosleep",
        [231] = "exit_group, to end its process",
        [234] = "tgkill",
        [257] = "openat",
        [318] = "getrandom",
        [435] = "clone3",
    };

    private static readonly Dictionary<int, string> Generic = new()
    {
        [56] = "openat",
        [63] = "read",
        [64] = "write",
        [93] = "exit",
        [94] = "exit_group, to end its process",
        [115] = "clock_nanosleep",
        [129] = "kill",
        [131] = "tgkill",
        [134] = "rt_sigaction, to change a signal handler",
        [135] = "rt_sigprocmask",
        [198] = "socket",
        [214] = "brk, to allocate memory",
        [220] = "clone",
        [221] = "execve",
        [222] = "mmap, to allocate memory",
        [278] = "getrandom",
        [435] = "clone3",
    };

    /// <summary>The system call of a number on this host.</summary>
    public static string Words(int number)
    {
        var names = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? X64 : Generic;
        return names.TryGetValue(number, out var name)
            ? $"the system call {name}"
            : string.Create(CultureInfo.InvariantCulture, $"the system call number {number}");
    }
}
