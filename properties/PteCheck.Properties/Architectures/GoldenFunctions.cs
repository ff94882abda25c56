using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Architectures;

/// <summary>What a helper returns, which decides how it can be wrong.</summary>
public enum GoldenResult
{
    /// <summary>Yes or no.</summary>
    Predicate,

    /// <summary>A page-table word.</summary>
    Word,

    /// <summary>A PFN, a type, an offset or a count.</summary>
    Number,
}

/// <summary>One helper as a function of a vector's operands.</summary>
/// <param name="Member">The member of <see cref="IArch"/>, or the key of the batch helper.</param>
/// <param name="Result">What it returns.</param>
/// <param name="Apply">Computes the output for the operands of a vector; the vector's own output plays no part.</param>
public sealed record GoldenFunction(
    string Member,
    GoldenResult Result,
    Func<GoldenVector, ulong> Apply
);

/// <summary>The helpers that golden vectors name, by the kernel's name.</summary>
public static class GoldenFunctions<TArch>
    where TArch : struct, IArch
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyDictionary<string, GoldenFunction> All = new Dictionary<
        string,
        GoldenFunction
    >(StringComparer.Ordinal)
    {
        ["pte_none"] = Is(nameof(IArch.PteNone), TArch.PteNone),
        ["pte_present"] = Is(nameof(IArch.PtePresent), TArch.PtePresent),
        ["pte_hw_present"] = Is(nameof(IArch.PteHwPresent), TArch.PteHwPresent),
        ["pte_protnone"] = Is(nameof(IArch.PteProtnone), TArch.PteProtnone),
        ["pte_accessible"] = Is(
            nameof(IArch.PteAccessible),
            v => TArch.PteAccessible(new(v.Input), v.FlushPending)
        ),
        ["pte_write"] = Is(nameof(IArch.PteWrite), v => TArch.PteWrite(new(v.Input), v.Context)),
        ["pte_dirty"] = Is(nameof(IArch.PteDirty), TArch.PteDirty),
        ["pte_young"] = Is(nameof(IArch.PteYoung), TArch.PteYoung),
        ["pte_soft_dirty"] = Is(nameof(IArch.PteSoftDirty), TArch.PteSoftDirty),
        ["pte_uffd_wp"] = Is(nameof(IArch.PteUffdWp), TArch.PteUffdWp),
        ["pte_special"] = Is(nameof(IArch.PteSpecial), TArch.PteSpecial),
        ["pte_cont"] = Is(nameof(IArch.PteCont), TArch.PteCont),
        ["pte_needs_flush"] = Is(
            nameof(IArch.PteNeedsFlush),
            v => TArch.PteNeedsFlush(new(v.Input), new(v.Argument), v.Context)
        ),
        ["pte_swp_soft_dirty"] = Is(nameof(IArch.PteSwpSoftDirty), TArch.PteSwpSoftDirty),
        ["pte_swp_uffd_wp"] = Is(nameof(IArch.PteSwpUffdWp), TArch.PteSwpUffdWp),
        ["pte_swp_exclusive"] = Is(nameof(IArch.PteSwpExclusive), TArch.PteSwpExclusive),

        ["pte_pfn"] = Count(nameof(IArch.PtePfn), v => TArch.PtePfn(new(v.Input))),
        ["pte_batch_hint"] = Count(
            nameof(IArch.PteBatchHint),
            v => (ulong)TArch.PteBatchHint(new(v.Input), (int)v.Argument, contPtes: 16)
        ),
        ["pte_swp_type"] = Count(nameof(IArch.SwpType), v => (ulong)TArch.SwpType(new(v.Input))),
        ["pte_swp_offset"] = Count(nameof(IArch.SwpOffset), v => TArch.SwpOffset(new(v.Input))),

        ["pfn_pte"] = Make(nameof(IArch.PfnPte), v => TArch.PfnPte(v.Input, new(v.Argument))),
        ["pte_mkwrite_novma"] = Make(
            nameof(IArch.PteMkWriteNoVma),
            v => TArch.PteMkWriteNoVma(new(v.Input), v.Context)
        ),
        ["pte_mkwrite"] = Make(
            nameof(IArch.PteMkWrite),
            v => TArch.PteMkWrite(new(v.Input), v.ShadowStackVma, v.Context)
        ),
        ["pte_wrprotect"] = Make(nameof(IArch.PteWrProtect), TArch.PteWrProtect),
        ["pte_mkdirty"] = Make(nameof(IArch.PteMkDirty), TArch.PteMkDirty),
        ["walker_mkdirty"] = Make(nameof(IArch.WalkerMkDirty), TArch.WalkerMkDirty),
        ["pte_mkclean"] = Make(nameof(IArch.PteMkClean), TArch.PteMkClean),
        ["pte_mkyoung"] = Make(nameof(IArch.PteMkYoung), TArch.PteMkYoung),
        ["pte_mkold"] = Make(nameof(IArch.PteMkOld), TArch.PteMkOld),
        ["pte_mksoft_dirty"] = Make(nameof(IArch.PteMkSoftDirty), TArch.PteMkSoftDirty),
        ["pte_clear_soft_dirty"] = Make(nameof(IArch.PteClearSoftDirty), TArch.PteClearSoftDirty),
        ["pte_mkuffd_wp"] = Make(nameof(IArch.PteMkUffdWp), TArch.PteMkUffdWp),
        ["pte_clear_uffd_wp"] = Make(nameof(IArch.PteClearUffdWp), TArch.PteClearUffdWp),
        ["pte_mkspecial"] = Make(nameof(IArch.PteMkSpecial), TArch.PteMkSpecial),
        ["pte_mkcont"] = Make(nameof(IArch.PteMkCont), TArch.PteMkCont),
        ["pte_mknoncont"] = Make(nameof(IArch.PteMkNonCont), TArch.PteMkNonCont),
        ["pte_modify"] = Make(
            nameof(IArch.PteModify),
            v => TArch.PteModify(new(v.Input), new(v.Argument))
        ),
        ["pte_advance_pfn"] = Make(
            nameof(IArch.PteAdvancePfn),
            v => TArch.PteAdvancePfn(new(v.Input), (int)v.Argument)
        ),
        ["swp_entry_pte"] = Make(
            nameof(IArch.SwpEntryToPte),
            v => TArch.SwpEntryToPte((SwapType)v.Input, v.Argument)
        ),
        ["pte_swp_mksoft_dirty"] = Make(nameof(IArch.PteSwpMkSoftDirty), TArch.PteSwpMkSoftDirty),
        ["pte_swp_clear_soft_dirty"] = Make(
            nameof(IArch.PteSwpClearSoftDirty),
            TArch.PteSwpClearSoftDirty
        ),
        ["pte_swp_mkuffd_wp"] = Make(nameof(IArch.PteSwpMkUffdWp), TArch.PteSwpMkUffdWp),
        ["pte_swp_clear_uffd_wp"] = Make(nameof(IArch.PteSwpClearUffdWp), TArch.PteSwpClearUffdWp),
        ["pte_swp_mkexclusive"] = Make(nameof(IArch.PteSwpMkExclusive), TArch.PteSwpMkExclusive),
        ["pte_swp_clear_exclusive"] = Make(
            nameof(IArch.PteSwpClearExclusive),
            TArch.PteSwpClearExclusive
        ),
        ["fpb_key"] = Make(
            nameof(KernelContext<TArch>.BatchKey),
            v => KernelContext<TArch>.BatchKey(new(v.Input), (FpbFlags)v.Argument)
        ),
        ["fpb_key_615"] = Make(
            nameof(KernelContext<TArch>.BatchKey615),
            v => KernelContext<TArch>.BatchKey615(new(v.Input), (FpbIgnoreFlags)v.Argument)
        ),
    };

    private static GoldenFunction Is(string member, Func<Pte, bool> predicate) =>
        Is(member, vector => predicate(new(vector.Input)));

    private static GoldenFunction Is(string member, Func<GoldenVector, bool> predicate) =>
        new(member, GoldenResult.Predicate, vector => predicate(vector) ? 1UL : 0UL);

    private static GoldenFunction Make(string member, Func<Pte, Pte> change) =>
        Make(member, vector => change(new(vector.Input)));

    private static GoldenFunction Make(string member, Func<GoldenVector, Pte> change) =>
        new(member, GoldenResult.Word, vector => change(vector).Word);

    private static GoldenFunction Count(string member, Func<GoldenVector, ulong> number) =>
        new(member, GoldenResult.Number, number);
}
