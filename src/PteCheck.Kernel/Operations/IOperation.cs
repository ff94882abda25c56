using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.Operations;

/// <summary>An operation: its implementations, the decisions that tell them apart, and how to run one.</summary>
public interface IOperation
{
    /// <summary>The name, for instance <c>mremap</c>.</summary>
    string Name { get; }

    /// <summary>The kernel function that implementations model.</summary>
    string KernelFunction { get; }

    /// <summary>Whether entries move from one VMA to another; else they are changed where they are.</summary>
    bool Moves => false;

    /// <summary>Whether it works on one folio, wherever that is mapped; else on a range of one VMA.</summary>
    bool WorksOnFolio => false;

    /// <summary>Whether it empties the slots of its range.</summary>
    bool Empties => false;

    /// <summary>Whether it changes the rights of the entries of its range, as a mode of the call says.</summary>
    bool Protects => false;

    /// <summary>Whether it takes away the page table of a huge folio in the page cache.</summary>
    bool CollapsesFile => false;

    /// <summary>Whether it copies anonymous pages into a new folio, which takes their place.</summary>
    bool CollapsesAnon => false;

    /// <summary>Whether it looks again if its page table is still linked, so that others may take tables away meanwhile.</summary>
    bool TablesMayGo => false;

    /// <summary>Whether it has no part in sequences of operations.</summary>
    bool Alone => Selects || CollapsesFile || CollapsesAnon || CountsBatch || WorksOnLeaves;

    /// <summary>Whether it works on huge PMD entries, and on nothing else.</summary>
    bool WorksOnLeaves => false;

    /// <summary>Whether it works on one page alone.</summary>
    bool OnePage => false;

    /// <summary>Whether it chooses windows of a table and changes no entry; its attempts are what comes out.</summary>
    bool Selects => false;

    /// <summary>Whether it asks the batch helper once and changes no entry; what the helper answers is what comes out.</summary>
    bool CountsBatch => false;

    /// <summary>The name of the implementation that upstream has today.</summary>
    string Newest => "batched";

    /// <summary>Whether it is the fault on an entry that a NUMA scan made protnone.</summary>
    bool Hints => false;

    /// <summary>When stale translations must be gone.</summary>
    TlbObligations Obligations => TlbObligations.AllAtUnlock | TlbObligations.RangeAtReturn;

    /// <summary>Every decision, each with its own bit.</summary>
    IReadOnlyList<Decision> Decisions { get; }

    /// <summary>The reference first, then the named implementations.</summary>
    IReadOnlyList<Implementation> Implementations { get; }

    /// <summary>The reference that a candidate is compared with: it makes the candidate's choices of policy.</summary>
    Implementation ReferenceFor(Implementation candidate) => Implementations[0];

    /// <summary>Carries the call out.</summary>
    /// <exception cref="RunStoppedException">After a fault that the run cannot go on from.</exception>
    void Run<TArch>(
        KernelContext<TArch> kernel,
        in OperationCall call,
        Implementation implementation
    )
        where TArch : struct, IArch;

    /// <summary>
    /// Where the entry that ends at a page came from: the page whose initial entry it is compared with.
    /// </summary>
    uint OriginOf(in OperationCall call, int mm, uint vpn) => vpn;

    /// <summary>The page to which the operation moves the entry of <paramref name="vpn"/>; the page itself when it stays.</summary>
    uint TargetOf(in OperationCall call, int mm, uint vpn) => vpn;

    /// <summary>Whether the operation works on this page at all.</summary>
    bool Touches(in OperationCall call, int mm, uint vpn) =>
        mm == call.Mm && vpn - call.Vpn < call.Pages;
}
