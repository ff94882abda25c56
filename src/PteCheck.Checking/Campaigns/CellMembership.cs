using PteCheck.Kernel.Operations;

namespace PteCheck.Checking.Campaigns;

/// <summary>Which coverage cells the cases of which operation can hit.</summary>
internal static class CellMembership
{
    private const string TwoMms = "two-mms";

    private static readonly HashSet<string> OfRangesOnly = new(StringComparer.Ordinal)
    {
        "ended-by/range",
        "ended-by/uffd-wp",
        "uffd/event-remap",
        "uffd/without-event-remap",
        "pending/batched-flush",
        "rmap-locks",
        "same-table",
        "whole-table",
        "cont/partial",
        "cont/misaligned-destination",
    };

    private static readonly HashSet<string> NotOfZap = new(StringComparer.Ordinal)
    {
        "ended-by/write",
        "ended-by/dirty",
        "ended-by/soft-dirty",
        "uffd/event-remap",
        "uffd/without-event-remap",
        "rmap-locks",
        "same-table",
        "whole-table",
        "cont/misaligned-destination",
    };

    private static readonly HashSet<string> NotOfProtect = new(StringComparer.Ordinal)
    {
        "ended-by/dirty",
        "uffd/event-remap",
        "uffd/without-event-remap",
        "rmap-locks",
        "same-table",
        "whole-table",
        "cont/misaligned-destination",
    };

    /// <summary>Whether cases of an operation can hit a cell.</summary>
    public static bool Includes(string name, IOperation operation)
    {
        if (operation.Selects)
        {
            return name == TwoMms || IsIn(SelectCells.Names, name);
        }

        if (operation.WorksOnLeaves)
        {
            return name == TwoMms || LeafCells.BelongsTo(name, operation);
        }

        if (IsIn(SequenceCells.All, name))
        {
            return !operation.Alone && SequenceCells.BelongsTo(name, operation);
        }

        return IsIn(CoverageCells.Shared, name) ? Shares(name, operation) : Owns(name, operation);
    }

    /// <summary>Whether a cell that several operations have is one of this operation.</summary>
    private static bool Shares(string name, IOperation operation) =>
        operation switch
        {
            { CountsBatch: true } => BatchCells.IsShared(name),
            { Protects: true } => !NotOfProtect.Contains(name),
            { CollapsesAnon: true } => !NotOfZap.Contains(name) && !AnonCells.Never.Contains(name),
            { CollapsesFile: true } => !NotOfZap.Contains(name)
                && !CollapseCells.Never.Contains(name),
            { OnePage: true } => name == TwoMms,
            { Empties: true } => !NotOfZap.Contains(name),
            { WorksOnFolio: true } => !OfRangesOnly.Contains(name),
            _ => true,
        };

    /// <summary>Whether a cell that operations of one kind have is one of this operation.</summary>
    private static bool Owns(string name, IOperation operation) =>
        operation switch
        {
            { CountsBatch: true } => IsIn(BatchCells.All, name),
            { Protects: true } => IsIn(ProtectCells.All, name),
            { CollapsesAnon: true } => IsIn(AnonCells.All, name),
            { CollapsesFile: true } => IsIn(CollapseCells.All, name),
            { OnePage: true } => InPlaceCells.EndsAs(name, operation),
            { Empties: true } => IsIn(InPlaceCells.Zap, name),
            { WorksOnFolio: true } => IsIn(FolioCells.All, name),
            _ => false,
        };

    private static bool IsIn(IEnumerable<string> cells, string name) =>
        cells.Contains(name, StringComparer.Ordinal);
}
