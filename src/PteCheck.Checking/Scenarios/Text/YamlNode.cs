namespace PteCheck.Checking.Scenarios.Text;

/// <summary>A node of a file with the place where it begins, both numbers from 1.</summary>
internal abstract record YamlNode(long Line, long Column);

/// <summary>A text; what it means is for the key to say.</summary>
/// <param name="Text">The text without quotes.</param>
/// <param name="Quotes">Characters between the node's place and the first of <paramref name="Text"/>.</param>
internal sealed record YamlScalar(long Line, long Column, string Text, int Quotes)
    : YamlNode(Line, Column);

/// <summary>A list.</summary>
internal sealed record YamlList(long Line, long Column, IReadOnlyList<YamlNode> Items)
    : YamlNode(Line, Column);

/// <summary>A map in the order of the file, no key twice.</summary>
internal sealed record YamlMap(
    long Line,
    long Column,
    IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries
) : YamlNode(Line, Column);
