using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>Starting files for C subjects.</summary>
public static class SubjectTemplates
{
    /// <summary>The operations that subjects can be written for.</summary>
    public static IReadOnlyList<string> Operations { get; } =
    ["mremap", "lazyfree-unmap", "collapse-file", "folio-pte-batch"];

    /// <summary>The name of an operation, as commands take it.</summary>
    public static string NameOf(SubjectOperation operation) => Operations[(int)operation - 1];

    /// <summary>The starting file of an operation, or null.</summary>
    public static string? Find(string operation) =>
        Operations.Contains(operation, StringComparer.Ordinal)
            ? File.ReadAllText(
                Path.Combine(AppContext.BaseDirectory, "templates", $"{operation}.c")
            )
            : null;
}
