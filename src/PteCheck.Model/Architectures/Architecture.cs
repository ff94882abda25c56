namespace PteCheck.Model.Architectures;

/// <summary>The architectures that the model has page-table layouts for.</summary>
public enum Architecture : byte
{
    /// <summary>x86-64 with 4-KiB pages.</summary>
    X86,

    /// <summary>arm64 with the 4-KiB granule.</summary>
    Arm64,
}

/// <summary>Names of architectures, as scenario files, options and reports spell them.</summary>
public static class ArchitectureNames
{
    /// <summary>Every architecture in the order in which reports list them.</summary>
    public static readonly IReadOnlyList<Architecture> All = [Architecture.X86, Architecture.Arm64];

    /// <summary>The name of <paramref name="architecture"/>: <c>x86-64</c> or <c>arm64</c>.</summary>
    public static string Name(this Architecture architecture) =>
        architecture == Architecture.X86 ? "x86-64" : "arm64";

    /// <summary>Reads a name; false when it names no architecture.</summary>
    public static bool TryParse(string text, out Architecture architecture)
    {
        architecture = text == "arm64" ? Architecture.Arm64 : Architecture.X86;
        return text is "x86-64" or "arm64";
    }
}
