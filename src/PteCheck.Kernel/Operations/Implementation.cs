using PteCheck.Model.Architectures;

namespace PteCheck.Kernel.Operations;

/// <summary>One way to carry out an operation: a shape of the code and the decisions taken in it.</summary>
public sealed record Implementation
{
    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>The name without the operation, with every <c>~decision</c>: <c>batched~ignore-write</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The reference, one PTE at a time.</summary>
    public bool IsReference { get; init; }

    /// <summary>The decisions taken.</summary>
    public DecisionSet Decisions { get; init; }

    /// <summary>The generation of primitives that it was written for.</summary>
    public KernelVersion Kernel { get; init; } = KernelVersion.V7_2;

    /// <summary>What it models: subject and date of the patch, or the release.</summary>
    public required string Models { get; init; }

    /// <summary>What carries it out, when it comes from outside; null for those of this project.</summary>
    public ISubject? Subject { get; init; }

    /// <summary><c>mremap/batched~ignore-write</c>.</summary>
    public string FullName => $"{Operation}/{Name}";

    /// <summary>A named implementation of an operation.</summary>
    public static Implementation Of(
        string operation,
        string name,
        DecisionSet decisions,
        KernelVersion kernel,
        string models,
        bool isReference = false
    ) =>
        new()
        {
            Operation = operation,
            Name = name,
            Decisions = decisions,
            Kernel = kernel,
            Models = models,
            IsReference = isReference,
        };
}
