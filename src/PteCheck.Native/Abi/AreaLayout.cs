namespace PteCheck.Native.Abi;

/// <summary>Where things are in the memory that checker and child share, in bytes.</summary>
public static class AreaLayout
{
    /// <summary>Most cases of a hand-over.</summary>
    public const int Cases = 256;

    /// <summary>Most source files that records name.</summary>
    public const int Files = 8;

    /// <summary>Bytes of a file's name.</summary>
    public const int FileName = 256;

    /// <summary>Records of one case.</summary>
    public const int Fuel = 1 << 16;

    /// <summary>Records of a hand-over; it ends early when fewer than <see cref="Fuel"/> are left.</summary>
    public const int Records = 2 * Fuel;

    /// <summary>The message of a failed load.</summary>
    public const int Message = 256;

    /// <summary>Bytes of that message.</summary>
    public const int MessageSize = 768;

    /// <summary>The names of files.</summary>
    public const int FileNames = 1024;

    /// <summary>The cases.</summary>
    public const int CaseTable = 4096;

    /// <summary>The records.</summary>
    public const int Log = 32768;

    /// <summary>Images and patches.</summary>
    public const int Data = Log + (Records * 64);

    /// <summary>Bytes for images and patches.</summary>
    public const int DataSize = 16 << 20;

    /// <summary>Address at which the child has the page tables, those of each alias one after the other.</summary>
    public const ulong TablesAt = 0x200000000000;

    /// <summary>log2 of the distance between two tables, most of it unmapped; each table ends a page.</summary>
    public const int TableShift = 16;

    /// <summary>log2 of the distance between two aliases of all tables.</summary>
    public const int AliasShift = 20;

    /// <summary>Aliases: each pte_offset_map hands out pointers into another one.</summary>
    public const int Aliases = 4;

    /// <summary>Bytes of the page that a table is in.</summary>
    public const int TablePage = 4096;

    /// <summary>Bytes of all.</summary>
    public const int Size = Data + DataSize;
}
