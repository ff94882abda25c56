using PteCheck.Kernel.Interference;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Kernel.Primitives;

/// <summary>
/// What implementations are made of: the kernel's primitives over one machine. Every call is one
/// event of the trace, checks its own preconditions and records what is wrong with them as a fault.
/// The other files of this class each hold one family of primitives.
/// </summary>
/// <typeparam name="TArch">The architecture.</typeparam>
public sealed partial class KernelContext<TArch>(Machine machine, Trace trace, FaultLog faults)
    where TArch : struct, IArch
{
    /// <summary>The machine that the primitives read and change.</summary>
    public Machine Machine { get; } = machine;

    /// <summary>What happened so far.</summary>
    public Trace Trace { get; } = trace;

    /// <summary>What was wrong so far.</summary>
    public FaultLog Faults { get; } = faults;

    /// <summary>Which variants of the shared primitives this run uses.</summary>
    public PrimitiveChoices Choices { get; set; }

    /// <summary>What other CPUs do between two primitives of this run; null when nobody else runs.</summary>
    public IInterference? Interference { get; set; }

    /// <summary>The implementation from outside whose calls are carried out; null for those of this project.</summary>
    public ISubjectSession<TArch>? Subject { get; set; }

    /// <summary>Whose context it is, as events name it: 0 the operation's own.</summary>
    public byte Actor { get; set; }

    /// <summary>Notes that the operation handled <paramref name="nr"/> entries as one; the batches of others do not count.</summary>
    public void NoteBatch(int nr)
    {
        if (Actor == 0)
        {
            Trace.NoteBatch(nr);
        }
    }

    /// <summary>Notes what an implementation from outside did wrong beside its calls of primitives.</summary>
    /// <param name="kind">What.</param>
    /// <param name="table">The table, -1 for none.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="by">In words.</param>
    public void NoteFault(FaultKind kind, int table, int slot, string by) =>
        Fault(kind, table, slot, by);

    private void Record(
        Primitive op,
        int table = -1,
        int slot = 0,
        int nr = 0,
        ulong a = 0,
        ulong b = 0,
        bool byArch = false
    )
    {
        var traceEvent = new TraceEvent
        {
            Op = op,
            ByArch = byArch,
            Actor = Actor,
            Table = (short)table,
            Slot = (short)slot,
            Nr = (short)nr,
            A = a,
            B = b,
        };
        if (op is not (Primitive.PteStore or Primitive.PmdStore))
        {
            Interference?.Before(traceEvent);
        }

        if (!Trace.Add(traceEvent))
        {
            Fault(FaultKind.OutOfFuel, table, slot, "the run");
            throw new RunStoppedException();
        }
    }

    private void Fault(FaultKind kind, int table, int slot, string by) =>
        Faults.Add(new Fault(kind, (short)table, (short)slot, Trace.Count, by));

    /// <summary>
    /// Checks that <paramref name="nr"/> slots may be touched; a fault outside the table ends the run. A table that is
    /// not linked has one owner, who may read it without its lock.
    /// </summary>
    private void CheckAccess(PtePointer ptep, int nr, string by, bool reads = false)
    {
        if (ptep.Slot < 0 || ptep.Slot + nr > Machine.Slots)
        {
            var slot = ptep.Slot < 0 ? ptep.Slot : Math.Max((int)ptep.Slot, Machine.Slots);
            Fault(FaultKind.OutsideTable, ptep.Table, slot, by);
            throw new RunStoppedException();
        }

        if (ptep.Slot < ptep.First || ptep.Slot + nr > ptep.End)
        {
            var slot = ptep.Slot < ptep.First ? ptep.Slot : Math.Max(ptep.Slot, ptep.End);
            Fault(FaultKind.OutsideRange, ptep.Table, slot, by);
        }

        if (!Machine.Tables[ptep.Table].PtlHeld && !(reads && !Machine.IsLinked(ptep.Table)))
        {
            Fault(FaultKind.PtlNotHeld, ptep.Table, ptep.Slot, by);
        }
    }

    private Pte Load(int table, int slot) => new(Machine.Ptes[Machine.PteIndex(table, slot)]);

    /// <summary>Others may act before a slot changes, and not between the reading of the old word and the writing of the new one.</summary>
    private void Store(int table, int slot, Pte pte, bool byArch = false)
    {
        BeforeStore(table, slot, pte, byArch);
        Replace(table, slot, pte, byArch);
    }

    private void Replace(int table, int slot, Pte pte, bool byArch)
    {
        ref var word = ref Machine.Ptes[Machine.PteIndex(table, slot)];
        var old = word;
        word = pte.Word;
        Record(Primitive.PteStore, table, slot, 1, old, pte.Word, byArch);
    }

    private Pte Exchange(int table, int slot, bool byArch = false)
    {
        BeforeStore(table, slot, Pte.None, byArch);
        var old = Load(table, slot);
        Replace(table, slot, Pte.None, byArch);
        return old;
    }

    private void BeforeStore(int table, int slot, Pte pte, bool byArch) =>
        Interference?.Before(
            new()
            {
                Op = Primitive.PteStore,
                ByArch = byArch,
                Table = (short)table,
                Slot = (short)slot,
                Nr = 1,
                B = pte.Word,
            }
        );
}
