using System.Runtime.InteropServices;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>What a subject did in the cases of a hand-over, taken out of the shared memory. Reused.</summary>
internal sealed class Answers
{
    private readonly SubjectCase[] cases = new SubjectCase[AreaLayout.Cases];
    private readonly int[] firstWord = new int[AreaLayout.Cases];
    private readonly string?[] files = new string?[AreaLayout.Files];
    private SubjectRecord[] records = new SubjectRecord[4096];
    private ulong[] words = new ulong[4096];
    private int recordCount;
    private int wordCount;

    /// <summary>How many cases there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a case did not end; those after it were then not tried.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>What the sanitizer says of the last case that it ended.</summary>
    public string Message { get; private set; } = "";

    /// <summary>How a case ended.</summary>
    public ref readonly SubjectCase Case(int index) => ref cases[index];

    /// <summary>What was called in a case.</summary>
    public ReadOnlySpan<SubjectRecord> Records(int index) =>
        records.AsSpan((int)cases[index].FirstRecord, (int)cases[index].RecordCount);

    /// <summary>The words of all tables at the end of a case.</summary>
    public ReadOnlySpan<ulong> Words(int index) =>
        words.AsSpan(
            firstWord[index],
            (index + 1 < Count ? firstWord[index + 1] : wordCount) - firstWord[index]
        );

    /// <summary>The name of a source file.</summary>
    public string FileName(int index) => files[index] ?? "";

    /// <summary>Lets a child run the cases in its memory, and takes over what it did.</summary>
    public void Fetch(SubjectProcess child, int count)
    {
        Count = 0;
        recordCount = 0;
        wordCount = 0;
        TimedOut = false;
        ref var control = ref child.Area.Control;
        control.Count = (uint)count;
        control.Done = 0;
        while (Count < count)
        {
            control.LogUsed = 0;
            child.GoOn();
            Take(child.Area, (int)control.Done);
        }
    }

    private void Take(SharedArea area, int done)
    {
        for (; Count < done; Count++)
        {
            ref var one = ref area.Cases[Count];
            var log = area.Log.Slice((int)one.FirstRecord, (int)one.RecordCount);
            one.FirstRecord = (uint)recordCount;
            Append(ref records, ref recordCount, log);
            var image = area.Data[(int)one.Image..];
            var head = MemoryMarshal.Read<SubjectImage>(image);
            var size = (int)(head.TableCount * head.Slots);
            firstWord[Count] = wordCount;
            Append(
                ref words,
                ref wordCount,
                MemoryMarshal.Cast<byte, ulong>(image[(int)head.Ptes..])[..size]
            );
            cases[Count] = one;
            TimedOut |= one.Status == SubjectStatus.TimedOut;
            if (one.Status == SubjectStatus.Sanitizer)
            {
                Message = area.Message;
            }
        }

        for (var i = 0; i < area.Control.FileCount; i++)
        {
            files[i] ??= area.FileName(i);
        }
    }

    private static void Append<T>(ref T[] array, ref int count, ReadOnlySpan<T> more)
    {
        if (count + more.Length > array.Length)
        {
            Array.Resize(ref array, Math.Max(2 * array.Length, count + more.Length));
        }

        more.CopyTo(array.AsSpan(count));
        count += more.Length;
    }
}
