using PteCheck.Native;

namespace PteCheck.Properties.Subjects;

/// <summary>A fact that needs a C compiler; without one it is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SubjectFactAttribute : FactAttribute
{
    public SubjectFactAttribute() => Skip = NeedsCompiler.Reason;
}

/// <summary>A theory that needs a C compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SubjectTheoryAttribute : TheoryAttribute
{
    public SubjectTheoryAttribute() => Skip = NeedsCompiler.Reason;
}

/// <summary>Why tests of subjects cannot run here; null where they can.</summary>
internal static class NeedsCompiler
{
    public static string? Reason { get; } =
        SubjectCompiler.IsAvailable
            ? null
            : $"there is no C compiler '{SubjectCompiler.Compiler}' here";
}
