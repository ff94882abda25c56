using PteCheck.Model.Traces;

namespace PteCheck.Model.Machines;

/// <summary>
/// The PMD entries as they stand at each event of a trace: what follows a run, and not its machine, asks
/// here where a table is linked. Reused from run to run.
/// </summary>
public sealed class TableLinks
{
    private readonly Pmd[] pmds = new Pmd[Machine.MaxPmds];
    private readonly short[] pmdOfTable = new short[Machine.MaxTables];
    private readonly short[] lastPmdOfTable = new short[Machine.MaxTables];
    private int count;
    private uint mask;

    /// <summary>PMD slots in use.</summary>
    public int Count => count;

    /// <summary>Begins with the entries of a machine.</summary>
    public void Reset(Machine machine)
    {
        count = machine.PmdCount;
        mask = ~(uint)(machine.Slots - 1);
        machine.Pmds.AsSpan(0, count).CopyTo(pmds);
        pmdOfTable.AsSpan().Fill(-1);
        lastPmdOfTable.AsSpan().Fill(-1);
        for (var pmd = 0; pmd < count; pmd++)
        {
            Link(pmd);
        }
    }

    /// <summary>Takes a <see cref="Primitive.PmdStore"/> into account.</summary>
    public void Apply(in TraceEvent e)
    {
        var old = pmds[e.Table].Entry.Table;
        if (old >= 0 && pmdOfTable[old] == e.Table)
        {
            pmdOfTable[old] = -1;
        }

        pmds[e.Table].Entry = New(e);
        Link(e.Table);
    }

    /// <summary>What a PMD slot held before the event.</summary>
    public static PmdEntry Old(in TraceEvent e) => new((PmdKind)e.Slot, e.A);

    /// <summary>What a PMD slot holds after the event.</summary>
    public static PmdEntry New(in TraceEvent e) => new((PmdKind)e.Nr, e.B);

    /// <summary>A PMD slot.</summary>
    public ref readonly Pmd this[int pmd] => ref pmds[pmd];

    /// <summary>The PMD slot of a page, or -1.</summary>
    public int Find(int mm, uint vpn)
    {
        for (var pmd = 0; pmd < count; pmd++)
        {
            if (pmds[pmd].BaseVpn == (vpn & mask) && pmds[pmd].Mm == mm)
            {
                return pmd;
            }
        }

        return -1;
    }

    /// <summary>The table that translates a page, or -1.</summary>
    public int FindTable(int mm, uint vpn)
    {
        var pmd = Find(mm, vpn);
        return pmd < 0 ? -1 : pmds[pmd].Entry.Table;
    }

    /// <summary>The PMD slot that points to a table, or -1.</summary>
    public int LinkOf(int table) => pmdOfTable[table];

    /// <summary>The PMD slot that points to a table or did so last; -1 for one that never was linked.</summary>
    public int LastLinkOf(int table) => lastPmdOfTable[table];

    private void Link(int pmd)
    {
        var table = pmds[pmd].Entry.Table;
        if (table >= 0)
        {
            pmdOfTable[table] = (short)pmd;
            lastPmdOfTable[table] = (short)pmd;
        }
    }
}
