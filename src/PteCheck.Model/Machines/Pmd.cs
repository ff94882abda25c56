using System.Runtime.InteropServices;
using PteCheck.Model.Architectures;

namespace PteCheck.Model.Machines;

/// <summary>What a PMD entry is.</summary>
public enum PmdKind : byte
{
    /// <summary>Empty: no table, no page.</summary>
    None,

    /// <summary>A pointer to a page table.</summary>
    Table,

    /// <summary>A leaf: it maps a folio of as many pages as a table has slots.</summary>
    Huge,

    /// <summary>A migration entry in the place of a leaf.</summary>
    Migration,

    /// <summary>A leaf that hardware does not walk while it is changed (pmd_mkinvalid): the kernel still takes it for one.</summary>
    Invalid,
}

/// <summary>
/// The value of a PMD entry (<c>pmd_t</c>), to be compared as a whole. Leaves are kept as the PTE word of
/// their first page, so that rights, access and dirty bits are those of the architecture.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Of a table its index; of a leaf or a migration entry the PTE word of the first page; 0 when empty.</param>
public readonly record struct PmdEntry(PmdKind Kind, ulong Value)
{
    /// <summary>The empty entry.</summary>
    public static readonly PmdEntry None;

    /// <summary>The index of the table, or -1 where there is none.</summary>
    public int Table => Kind == PmdKind.Table ? (int)Value : -1;

    /// <summary>pmd_none.</summary>
    public bool IsNone => Kind == PmdKind.None;

    /// <summary>pmd_leaf, pmd_trans_huge.</summary>
    public bool IsHuge => Kind == PmdKind.Huge;

    /// <summary>pmd_mkinvalid: the leaf as it is while it is changed.</summary>
    public PmdEntry MkInvalid() => new(PmdKind.Invalid, Value);

    /// <summary>A pointer to a table.</summary>
    public static PmdEntry OfTable(int table) => new(PmdKind.Table, (ulong)table);

    /// <summary>A leaf whose first page <paramref name="first"/> would map.</summary>
    public static PmdEntry OfHuge(Pte first) => new(PmdKind.Huge, first.Word);

    /// <summary>The entry that a page of a leaf would have by itself; none unless this is a leaf.</summary>
    /// <param name="index">The page within the leaf, from 0 on.</param>
    public Pte Page<TArch>(int index)
        where TArch : struct, IArch => IsHuge ? TArch.PteAdvancePfn(new(Value), index) : Pte.None;
}

/// <summary>One PMD slot: a stretch of address space as long as a table has slots.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Pmd
{
    /// <summary>What it holds: of a table its index, of a leaf the PTE word of its first page.</summary>
    public ulong Value;

    /// <summary>The page number that it begins at, a multiple of the slots of a table.</summary>
    public uint BaseVpn;

    /// <summary>The table that is deposited for it (pgtable_trans_huge_deposit), plus one; 0 for none.</summary>
    public short Deposited;

    /// <summary>Index of its mm.</summary>
    public byte Mm;

    /// <summary>What it is.</summary>
    public PmdKind Kind;

    /// <summary>Its value.</summary>
    public PmdEntry Entry
    {
        readonly get => new(Kind, Value);
        set => (Kind, Value) = (value.Kind, value.Value);
    }
}
