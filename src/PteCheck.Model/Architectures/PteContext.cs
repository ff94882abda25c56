namespace PteCheck.Model.Architectures;

/// <summary>The kernel generations whose primitives differ; the oldest that has the behaviour names it.</summary>
public enum KernelVersion : byte
{
    /// <summary>6.15 and 6.16: <c>folio_pte_batch</c> with the FPB_IGNORE flags.</summary>
    V6_15,

    /// <summary>6.17: <c>folio_pte_batch_flags</c> with the FPB_RESPECT and FPB_MERGE flags.</summary>
    V6_17,

    /// <summary>7.2: the same batch helper; arm64 has its own <c>pte_needs_flush</c> and keeps clean entries clean in <c>pte_mkwrite</c>.</summary>
    V7_2,
}

/// <summary>
/// What a PTE helper depends on beside its operands: the kernel generation and the features of
/// the processor (<c>--kernel</c> and <c>--config</c>).
/// </summary>
/// <param name="Kernel">The generation of the primitives.</param>
/// <param name="ShadowStack">x86-64: the CPU has user shadow stacks, so RW=0 with DIRTY=1 means writable by shadow-stack accesses.</param>
/// <param name="Bbml2">arm64: BBML2_NOABORT, under which the CONT bit may change without an intermediate TLBI.</param>
public readonly record struct PteContext(KernelVersion Kernel, bool ShadowStack, bool Bbml2);

/// <summary>Names of kernel generations, as options and files spell them.</summary>
public static class KernelVersionNames
{
    /// <summary>Every modelled generation, oldest first.</summary>
    public static readonly IReadOnlyList<KernelVersion> All =
    [
        KernelVersion.V6_15,
        KernelVersion.V6_17,
        KernelVersion.V7_2,
    ];

    /// <summary>The name: <c>6.15</c>, <c>6.17</c> or <c>7.2</c>.</summary>
    public static string Name(this KernelVersion version) =>
        version switch
        {
            KernelVersion.V6_15 => "6.15",
            KernelVersion.V6_17 => "6.17",
            _ => "7.2",
        };

    /// <summary>Reads a name; false when no such generation is modelled.</summary>
    public static bool TryParse(string text, out KernelVersion version)
    {
        foreach (var candidate in All)
        {
            if (candidate.Name() == text)
            {
                version = candidate;
                return true;
            }
        }

        version = default;
        return false;
    }
}
