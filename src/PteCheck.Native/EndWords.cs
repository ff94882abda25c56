using System.Globalization;
using PteCheck.Kernel.Primitives;
using PteCheck.Model.Machines;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>How a subject ended that did not return: which fault, and in words that are the same in every run.</summary>
internal static class EndWords
{
    private const int Page = 4096;
    private const ulong PagesAt = 0x210000000000;

    /// <summary>The fault of a case.</summary>
    public static (FaultKind Kind, string Words) Of(
        in SubjectCase one,
        string sanitizer,
        Machine machine
    ) =>
        one.Status switch
        {
            SubjectStatus.OutOfFuel => (FaultKind.OutOfFuel, "the run"),
            SubjectStatus.TimedOut => (FaultKind.SubjectTimeOut, "no call and no return"),
            SubjectStatus.SystemCall => (FaultKind.SubjectSystemCall, SystemCalls.Words(one.Code)),
            SubjectStatus.Ended => (
                FaultKind.SubjectSystemCall,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the end of its process with exit code {one.Code}"
                )
            ),
            SubjectStatus.Sanitizer => (FaultKind.SubjectCrash, $"AddressSanitizer: {sanitizer}"),
            SubjectStatus.WildPointer => (
                FaultKind.SubjectCrash,
                "a pointer that leads to no entry or page, or a write before a table"
            ),
            SubjectStatus.StackOverflow => (FaultKind.SubjectCrash, "the stack has overflowed"),
            SubjectStatus.Unsupported => (
                FaultKind.SubjectCrash,
                "a call for something that the model does not have"
            ),
            SubjectStatus.Signal => (FaultKind.SubjectCrash, Signal(one, machine)),
            _ => (FaultKind.SubjectBypass, "the log of calls"),
        };

    private static string Signal(in SubjectCase one, Machine machine) =>
        one.Code switch
        {
            4 or 5 => "a trap: undefined behaviour",
            6 => "abort",
            7 => $"a bus error at {Place(one.Address, machine)}",
            8 => "an arithmetic trap: division by zero",
            11 => $"a memory fault at {Place(one.Address, machine)}",
            _ => string.Create(CultureInfo.InvariantCulture, $"signal {one.Code}"),
        };

    private static string Place(ulong address, Machine machine)
    {
        var number = CultureInfo.InvariantCulture;
        if (address < Page)
        {
            return string.Create(number, $"NULL + {address}");
        }

        var half = 1ul << (AreaLayout.TableShift - 1);
        var offset = address - AreaLayout.TablesAt + half;
        if (offset < (ulong)AreaLayout.Aliases << AreaLayout.AliasShift)
        {
            var table =
                (int)(offset >> AreaLayout.TableShift)
                & ((1 << (AreaLayout.AliasShift - AreaLayout.TableShift)) - 1);
            var within = (long)(offset & ((2 * half) - 1)) - (long)half;
            var slot = ((within - AreaLayout.TablePage) / sizeof(ulong)) + machine.Slots;
            return string.Create(
                number,
                $"slot {slot} of table {table}, which has {machine.Slots}"
            );
        }

        return address - PagesAt < 1ul << 32
            ? "a page, which has no fields here"
            : "an address that is not its own";
    }
}
