using System.Globalization;
using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Architectures;

/// <summary>One line of <c>golden/*.tsv</c>: what a helper returns for given words.</summary>
/// <param name="Function">The kernel's name of the helper.</param>
/// <param name="Context">Kernel and processor; 7.2 without features where the line names none.</param>
/// <param name="ShadowStackVma">The VMA of pte_mkwrite is a shadow stack.</param>
/// <param name="FlushPending">mm_tlb_flush_pending(mm) is not zero.</param>
/// <param name="Input">The first operand: a word, a PFN or a swap type.</param>
/// <param name="Argument">The second operand, 0 where there is none.</param>
/// <param name="Output">What comes out; 1 for true.</param>
/// <param name="Why">The reason, in words.</param>
public sealed record GoldenVector(
    string Function,
    PteContext Context,
    bool ShadowStackVma,
    bool FlushPending,
    ulong Input,
    ulong Argument,
    ulong Output,
    string Why
)
{
    private const string KernelKey = "kernel=";

    /// <summary>All vectors of an architecture, in the order of its file.</summary>
    public static IReadOnlyList<GoldenVector> Read(Architecture architecture)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "golden", $"{architecture.Name()}.tsv");
        return
        [
            .. File.ReadLines(path)
                .Skip(1)
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(Parse),
        ];
    }

    private static GoldenVector Parse(string line)
    {
        var fields = line.Split('\t');
        if (fields.Length != 6)
        {
            throw new FormatException($"not six fields: {line}");
        }

        var words = fields[1] == "-" ? [] : fields[1].Split(',');
        var kernel = KernelVersion.V7_2;
        foreach (var word in words)
        {
            var known =
                word is "shadow-stack" or "vma=shadow-stack" or "flush-pending"
                || (
                    word.StartsWith(KernelKey, StringComparison.Ordinal)
                    && KernelVersionNames.TryParse(word[KernelKey.Length..], out kernel)
                );
            if (!known)
            {
                throw new FormatException($"unknown context {word}: {line}");
            }
        }

        return new(
            fields[0],
            new(kernel, ShadowStack: words.Contains("shadow-stack"), Bbml2: false),
            words.Contains("vma=shadow-stack"),
            words.Contains("flush-pending"),
            Number(fields[2]),
            fields[3] == "-" ? 0 : Number(fields[3]),
            Number(fields[4]),
            fields[5]
        );
    }

    private static ulong Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(
                text.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture
            )
            : ulong.Parse(text, CultureInfo.InvariantCulture);
}
