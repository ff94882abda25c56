using System.Runtime.InteropServices;
using PteCheck.Kernel.Interference;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>Stands between a run and the others, and notes which words of the state they change, and when.</summary>
internal sealed class Watch : IInterference
{
    private IInterference others = null!;
    private Machine machine = null!;
    private SubjectImage head;
    private ulong[] before = [];
    private ulong[] after = [];

    /// <summary>What others changed, at places of the subject's own calls.</summary>
    public List<SubjectPatch> Patches { get; } = [];

    /// <summary>Places so far at which others could act, within calls of the subject.</summary>
    public uint Events { get; private set; }

    /// <summary>What the machine has needed room for.</summary>
    public ImageRoom Needed { get; private set; }

    /// <summary>Whether the subject runs, and not what stands around it.</summary>
    public bool Inside { get; set; }

    /// <summary>Begins a run.</summary>
    public void Begin(IInterference interference, Machine over, in SubjectImage shape)
    {
        others = interference;
        machine = over;
        head = shape;
        Patches.Clear();
        Events = 0;
        Inside = false;
        Needed = default;
        var words = (int)(shape.Size / sizeof(ulong));
        if (before.Length < words)
        {
            before = new ulong[words];
            after = new ulong[words];
        }
    }

    /// <inheritdoc/>
    public void Before(in TraceEvent upcoming)
    {
        CaseImage.Write(machine, head, MemoryMarshal.AsBytes(before.AsSpan()));
        others.Before(upcoming);
        CaseImage.Write(machine, head, MemoryMarshal.AsBytes(after.AsSpan()));
        Need(machine);
        for (var i = 0; i < head.Size / sizeof(ulong); i++)
        {
            if (before[i] != after[i])
            {
                Patches.Add(
                    new()
                    {
                        At = Events,
                        Offset = (uint)(i * sizeof(ulong)),
                        Value = after[i],
                    }
                );
            }
        }

        Events += Inside ? 1u : 0;
    }

    /// <summary>The function is called: what others have done so far it finds done.</summary>
    public void CountCall() => Events++;

    /// <summary>Notes what an image of a machine has to have room for.</summary>
    public void Need(Machine grown) => Needed = Needed.With(ImageRoom.Of(grown));

    /// <summary>Begins a run in which nobody else takes part.</summary>
    public void Clear()
    {
        Patches.Clear();
        Needed = default;
    }

    /// <summary>Forgets what others changed when the subject had run for the last time.</summary>
    public void DropFrom(int patches) => Patches.RemoveRange(patches, Patches.Count - patches);
}
