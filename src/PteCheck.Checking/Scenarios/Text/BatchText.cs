using PteCheck.Kernel.Primitives;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>The flags of the batch helper, as <c>run:</c> spells them: <c>respect-write merge-young-dirty</c>.</summary>
internal static class BatchText
{
    private static readonly (string Name, FpbFlags Value)[] Flags =
    [
        ("respect-dirty", FpbFlags.RespectDirty),
        ("respect-soft-dirty", FpbFlags.RespectSoftDirty),
        ("respect-write", FpbFlags.RespectWrite),
        ("merge-write", FpbFlags.MergeWrite),
        ("merge-young-dirty", FpbFlags.MergeYoungDirty),
    ];

    /// <summary>The words behind the range, each with a space before it.</summary>
    public static string Of(FpbFlags flags) =>
        string.Concat(
            Flags.Where(known => (flags & known.Value) != 0).Select(known => " " + known.Name)
        );

    /// <summary>Reads the words behind the range.</summary>
    public static FpbFlags Read(TextCursor cursor)
    {
        var flags = FpbFlags.None;
        cursor.SkipSpaces();
        while (!cursor.AtEnd)
        {
            var start = cursor.Position;
            var word = cursor.Name();
            var flag = Array.Find(Flags, known => known.Name == word);
            if (flag.Name is null || (flags & flag.Value) != 0)
            {
                throw cursor.Error(
                    start,
                    FileScope.Unknown("flag", word, [.. Flags.Select(known => known.Name)])
                );
            }

            flags |= flag.Value;
            cursor.SkipSpaces();
        }

        return flags;
    }
}
