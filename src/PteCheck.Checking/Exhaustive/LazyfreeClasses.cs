using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Exhaustive;

/// <summary>
/// The classes of entries that lazyfree-unmap tells apart. It compares whole entries but for young, dirty and
/// what a version ignores (folio_pte_batch); it reads dirty and protnone (should_defer_flush and what it records);
/// a device-exclusive entry is a mapping without a translation, given back as it was; all that is not a page of the
/// folio it steps over (check_pte). Young is gathered and given back within relaxation R1, so it makes no class.
/// </summary>
public static class LazyfreeClasses
{
    /// <summary>An empty slot stands for all that is no page of the folio: the zero page, guards and others.</summary>
    private static readonly EntryClass Empty = new(
        EntryKind.None,
        PteBits.None,
        new EntryMember(EntryKind.Zero, PteBits.None),
        new EntryMember(EntryKind.Zero, PteBits.Young),
        new EntryMember(EntryKind.Marker, PteBits.None)
    );

    private static readonly IReadOnlyList<EntryClass> PlainX86 = With(
        PteBits.Dirty,
        PteBits.SoftDirty,
        PteBits.Protnone
    );

    private static readonly IReadOnlyList<EntryClass> PlainArm64 = With(
        PteBits.Dirty,
        PteBits.Protnone
    );

    /// <summary>Write, dirty, soft-dirty (x86-64) and protnone.</summary>
    public static IReadOnlyList<EntryClass> Plain(Architecture architecture) =>
        architecture == Architecture.X86 ? PlainX86 : PlainArm64;

    /// <summary>Write, dirty, uffd-wp and protnone: in a VMA armed for uffd-wp.</summary>
    public static IReadOnlyList<EntryClass> Armed { get; } =
        With(PteBits.Dirty, PteBits.UffdWp, PteBits.Protnone);

    /// <summary>
    /// Write, dirty and protnone: what loads, stores, GUP-fast and the oracles that judge interleavings tell apart.
    /// Soft-dirty and uffd-wp part batches as write does, and are judged by the state oracle alone. Protnone entries are
    /// clean here, to keep the scope small: with a dirty one the folio is kept, as with any dirty entry.
    /// </summary>
    public static IReadOnlyList<EntryClass> Interleaved { get; } =
    [
        .. With(PteBits.Dirty, PteBits.Protnone)
            .Where(one => one.Bits != (PteBits.Dirty | PteBits.Protnone)),
    ];

    /// <summary>Every set of the letters, with write where the entry is neither protnone nor uffd-wp.</summary>
    private static List<EntryClass> With(params PteBits[] letters)
    {
        var all = new List<EntryClass> { Empty };
        for (var set = 0; set < 1 << letters.Length; set++)
        {
            var bits = PteBits.None;
            for (var i = 0; i < letters.Length; i++)
            {
                bits |= (set & (1 << i)) != 0 ? letters[i] : PteBits.None;
            }

            all.Add(Present(bits));
            if ((bits & (PteBits.Protnone | PteBits.UffdWp)) == 0)
            {
                all.Add(Present(bits | PteBits.Write));
            }
        }

        all.Add(
            new(
                EntryKind.DeviceExclusive,
                PteBits.None,
                new EntryMember(EntryKind.DeviceExclusive, PteBits.SoftDirty)
            )
        );
        return all;
    }

    private static EntryClass Present(PteBits bits) =>
        new(EntryKind.Present, bits, new EntryMember(EntryKind.Present, bits | PteBits.Young));
}
