using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.FolioPteBatch;

/// <summary>What the caller of the helper is told, apart from the length.</summary>
[Flags]
public enum BatchTold
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Its copy of the first entry is writable, or in 6.15 any entry is.</summary>
    Writable = 1,

    /// <summary>The same of young.</summary>
    Young = 2,

    /// <summary>The same of dirty.</summary>
    Dirty = 4,
}

/// <summary>What comes out of the helper.</summary>
/// <param name="Nr">Length of the batch, 1 or more.</param>
/// <param name="Copy">The caller's copy of the first entry; in 6.15 as it was.</param>
/// <param name="Told">
/// What the caller is told. Where 6.15 answers of the entries behind the first, the first is counted in: its callers
/// know it and do the same, and entries that a hint covers are not asked.
/// </param>
internal readonly record struct BatchAnswer(int Nr, Pte Copy, BatchTold Told)
{
    /// <summary>The answer that a copy of the first entry gives.</summary>
    public static BatchAnswer Of<TArch>(KernelContext<TArch> kernel, int nr, Pte copy)
        where TArch : struct, IArch =>
        new(
            nr,
            copy,
            TellOf(
                TArch.PteWrite(copy, kernel.Machine.Context),
                TArch.PteYoung(copy),
                TArch.PteDirty(copy)
            )
        );

    /// <summary>The three answers as flags.</summary>
    public static BatchTold TellOf(bool writable, bool young, bool dirty) =>
        (writable ? BatchTold.Writable : BatchTold.None)
        | (young ? BatchTold.Young : BatchTold.None)
        | (dirty ? BatchTold.Dirty : BatchTold.None);
}
