using PteCheck.Checking.Exhaustive;
using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.LazyfreeUnmap;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Exhaustive;

/// <summary>Scopes that take seconds, and searches of them.</summary>
internal static class SmallScopes
{
    private static readonly IReadOnlyList<EntryClass> Few =
    [
        .. LazyfreeClasses.Interleaved.Where(one =>
            one.Bits is PteBits.None or PteBits.Write or PteBits.Protnone
            && one.Kind != EntryKind.DeviceExclusive
        ),
    ];

    private static readonly IReadOnlyList<EntryClass> WithDevices =
    [
        .. LazyfreeClasses.Interleaved.Where(one => one.Bits is PteBits.None or PteBits.Dirty),
    ];

    /// <summary>One page of the folio, in a plain VMA; all moves.</summary>
    public static readonly ExhaustiveScope OnePage = new LazyfreeScope(
        "one-page",
        "one page of the folio",
        interleaved: true,
        [new(10, 0, 0, 1)],
        new LazyfreeVma(VmaFlags.None, _ => LazyfreeClasses.Interleaved)
    );

    /// <summary>Two pages, each absent, clean and writable, dirty, or protnone; all moves.</summary>
    public static readonly ExhaustiveScope TwoPages = new LazyfreeScope(
        "two-pages",
        "two pages of the folio",
        interleaved: true,
        [new(10, 0, 0, 2)],
        new LazyfreeVma(VmaFlags.None, _ => Few)
    );

    /// <summary>The folio in the middle of a table and over its end, with few classes; nobody else acts.</summary>
    public static readonly ExhaustiveScope Alone = new LazyfreeScope(
        "alone",
        "the whole folio, few classes",
        interleaved: false,
        [new(9, 1, 0, 4), new(15, 0, 0, 4)],
        new LazyfreeVma(VmaFlags.None, _ => Few),
        new LazyfreeVma(VmaFlags.Droppable, _ => WithDevices)
    );

    /// <summary>Searches a scope for an implementation, named without its operation.</summary>
    public static ExhaustResult Search(
        ExhaustiveScope scope,
        string name,
        Architecture architecture = Architecture.X86,
        int jobs = 2,
        bool revisit = false,
        bool first = false
    ) =>
        Exhaustion.Run(
            new()
            {
                Scope = scope,
                Implementation = CampaignLab.Named(name, LazyfreeOperation.Instance),
                Architecture = architecture,
                Jobs = jobs,
                RevisitStates = revisit,
                StopAtFirst = first,
            },
            CancellationToken.None
        );
}
