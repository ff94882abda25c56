using System.Globalization;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Checking.Explaining;

/// <summary>The operation's primitives in words, as far as they matter where others act between them.</summary>
internal sealed class OperationWords(CaseRecord record, Scenario scenario)
{
    private const int Changes = 3;
    private const int Decides = 2;
    private const int Counts = 1;
    private const int Frames = 0;

    private Machine Initial => record.Initial;

    /// <summary>An event in words, and how much it matters; null for one that a reader can do without.</summary>
    public (string Text, int Rank)? Tell(int at)
    {
        ref readonly var e = ref record.CandidateTrace.Events[at];
        if (e.ByArch)
        {
            return null;
        }

        return e.Op switch
        {
            Primitive.PtepGetAndClear
            or Primitive.GetAndClearPtes
            or Primitive.PteClear
            or Primitive.SetPtes
            or Primitive.PtepSetAccessFlags
            or Primitive.FolioAlloc
            or Primitive.CopyPage
            or Primitive.TlbFlushRange
            or Primitive.TlbFlushMm => Own(e, Changes),
            Primitive.SetTlbUbcFlushPending => (
                $"set_tlb_ubc_flush_pending {StepWords.Pages(e.Table, (uint)e.A, e.Nr, Initial, scenario)}",
                Changes
            ),
            Primitive.FolioFree => ($"free_unref_folios {Folio(e)}", Changes),
            Primitive.FolioRefCount => Read("folio_ref_count", e, Number(References(e, at))),
            Primitive.FolioMapcount => Read("folio_mapcount", e, Number(Mappings(e, at))),
            Primitive.FolioTestDirty => Read("folio_test_dirty", e, IsDirty(e, at) ? "yes" : "no"),
            Primitive.FolioRefFreeze => (
                $"folio_ref_freeze {Folio(e)} at {Number(e.Nr)}, of {Number(References(e, at))}",
                Decides
            ),
            Primitive.FolioFlags => ($"{FlagSetter(e)} {Folio(e)}", Decides),
            Primitive.PmdStore
            or Primitive.TableFree
            or Primitive.TableDeposit
            or Primitive.TlbRemoveTableSync => Own(e, Changes),
            Primitive.FolioLock or Primitive.FolioUnlock => Own(e, Decides),
            Primitive.PmdLock or Primitive.PmdUnlock => Own(e, Frames),
            Primitive.RemoveRmap or Primitive.AddRmap or Primitive.FolioRef => Own(e, Counts),
            Primitive.PtlLock or Primitive.PtlUnlock or Primitive.FolioPteBatch => Own(e, Frames),
            _ => null,
        };
    }

    private (string Text, int Rank)? Own(in TraceEvent e, int rank) =>
        StepWords.Describe(e, Initial, scenario) is { } text ? (text, rank) : null;

    private (string Text, int Rank)? Read(string name, in TraceEvent e, string value) =>
        ($"{name} {Folio(e)}: {value}", Decides);

    private static string FlagSetter(in TraceEvent e) =>
        (e.A & (ulong)FolioFlags.Dirty) != 0 ? "folio_mark_dirty"
        : (e.A & (ulong)FolioFlags.Swapbacked) != 0 ? "folio_set_swapbacked"
        : "folio_clear_dirty_for_io";

    private string Folio(in TraceEvent e) => PageNames.Folio(e.Table, scenario);

    /// <summary>The references of the folio just before an event, as the trace tells.</summary>
    private int References(in TraceEvent e, int before)
    {
        var references = Initial.Folios[e.Table].RefCount;
        foreach (ref readonly var other in record.CandidateTrace.Events[..before])
        {
            var changes = other.Op == Primitive.FolioRef && other.Table == e.Table;
            references += changes ? other.Nr : 0;
        }

        return references;
    }

    /// <summary>The mappings of the folio just before an event.</summary>
    private int Mappings(in TraceEvent e, int before)
    {
        var mappings = Initial.Folios[e.Table].Mapcount;
        foreach (ref readonly var other in record.CandidateTrace.Events[..before])
        {
            if (other.Table == e.Table)
            {
                mappings += other.Op switch
                {
                    Primitive.AddRmap => other.B == 0 ? other.Nr : 1,
                    Primitive.RemoveRmap => other.B == 0 ? -other.Nr : -1,
                    _ => 0,
                };
            }
        }

        return mappings;
    }

    /// <summary>Whether the folio is dirty just before an event.</summary>
    private bool IsDirty(in TraceEvent e, int before)
    {
        var dirty = (Initial.Folios[e.Table].Flags & FolioFlags.Dirty) != 0;
        foreach (ref readonly var other in record.CandidateTrace.Events[..before])
        {
            if (other.Op == Primitive.FolioFlags && other.Table == e.Table)
            {
                dirty = other.A == 0 ? false : dirty || (other.A & (ulong)FolioFlags.Dirty) != 0;
            }
        }

        return dirty;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
