using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Architectures;

/// <summary>Everything that the predicates say about one present entry, so that a law can name what may change.</summary>
public sealed record PteFacts(
    bool None,
    bool Present,
    bool HardwarePresent,
    bool Protnone,
    bool Write,
    bool Dirty,
    bool Young,
    bool SoftDirty,
    bool UffdWp,
    bool Special,
    bool Cont,
    ulong Pfn
)
{
    /// <summary>The facts about an entry on a processor of <paramref name="context"/>.</summary>
    public static PteFacts Of<TArch>(Pte pte, in PteContext context)
        where TArch : struct, IArch =>
        new(
            TArch.PteNone(pte),
            TArch.PtePresent(pte),
            TArch.PteHwPresent(pte),
            TArch.PteProtnone(pte),
            TArch.PteWrite(pte, context),
            TArch.PteDirty(pte),
            TArch.PteYoung(pte),
            TArch.PteSoftDirty(pte),
            TArch.PteUffdWp(pte),
            TArch.PteSpecial(pte),
            TArch.PteCont(pte),
            TArch.PtePfn(pte)
        );
}
