using PteCheck.Model.Architectures;

namespace PteCheck.Properties.Oracles;

/// <summary>
/// The canaries: for every rule that mremap can break at least one. What counts the same thing in two
/// ways (PTB008 against the reference, PTB103 to PTB105 afresh) breaks together; that a rule breaks alone
/// is proved by an empty list, or for PTB001 and PTB006 by <see cref="LoneRuleTests"/>.
/// </summary>
internal static class Canaries
{
    private const Architecture X86 = Architecture.X86;
    private const Architecture Arm64 = Architecture.Arm64;

    /// <summary>Judged with all oracles.</summary>
    public static readonly IReadOnlyList<Canary> All =
    [
        .. OnBoth("PTB001", "ignore-write", "PTB101"),
        .. OnBoth("PTB002", "ignore-write"),
        new("PTB003", "no-soft-dirty", X86, []),
        .. OnBoth("PTB004", "keep-uffd", "PTB102"),
        .. OnBoth("PTB004", "ignore-uffd"),
        .. OnBoth("PTB005", "ignore-protnone"),
        new("PTB005", "plain-advance", X86, ["PTB103", "PTB104", "PTB105"]),
        NoClear(X86),
        NoClear(Arm64),
        .. OnBoth("PTB006", "no-clear", "PTB105", "PTB106"),
        .. OnBoth("PTB007", "merge-drops-young-dirty"),
        .. OnBoth("PTB007", "merge-marks-always"),
        .. OnBoth("PTB008", "clear-exclusive"),
        .. OnBoth("PTB008", "drop-rmap", "PTB103"),
        .. OnBoth("PTB008", "drop-ref", "PTB104"),
        .. OnBoth("PTB008", "count-again", "PTB105"),
        .. OnBoth("PTB106", "duplicate-swap"),
        .. OnBoth("PTB201", "skip-flush", "PTB202"),
        .. OnBoth("PTB201", "flush-after-unlock"),
        .. OnBoth("PTB201", "flush-first-page", "PTB202"),
        .. OnBoth("PTB202", "trust-none"),
        new("PTB203", "convert-without-tlbi", Arm64, []),
        .. OnBoth("PTB204", "no-notifier"),
        .. OnBoth("PTB301", "no-cap"),
        .. OnBoth("PTB302", "no-cap"),
        .. OnBoth("PTB501", "flush-each-batch"),
        .. OnBoth("PTB502", "store-one-by-one"),
        .. OnBoth("PTB601", "assume-folio"),
        .. OnBoth("PTB602", "no-new-ptl"),
        .. OnBoth("PTB603", "sleep-under-ptl"),
        .. OnBoth("PTB604", "set-twice", "PTB502"),
        .. OnBoth("PTB604", "ignore-folio-end"),
        .. OnBoth("PTB605", "empty-batch"),
        .. OnBoth("PTB606", "drop-rmap-twice"),
        .. OnBoth("PTB607", "unlock-twice"),
        .. OnBoth("PTB608", "no-advance"),
        ShadowStack("PTB001", "compare-raw-write", "merge-keeps-shadow-stack", "PTB101"),
        ShadowStack("PTB002", "compare-raw-write", "merge-keeps-shadow-stack"),
        ShadowStack("PTB002", "merge-undoes-shadow-stack", "compare-pte-write"),
    ];

    /// <summary>Judged by the oracles that need no reference.</summary>
    public static readonly IReadOnlyList<Canary> Absolute =
    [
        .. OnBoth("PTB101", "ignore-write"),
        .. OnBoth("PTB102", "keep-uffd"),
        .. OnBoth("PTB103", "drop-rmap"),
        .. OnBoth("PTB104", "drop-ref"),
        .. OnBoth("PTB105", "count-again"),
        new("PTB106", "no-clear", X86, ["PTB105"], "sketch-split-no-clear"),
        new("PTB106", "no-clear", Arm64, ["PTB105"], "sketch-split-no-clear"),
    ];

    private static Canary[] OnBoth(string rule, string decision, params string[] alsoBroken) =>
        [new(rule, decision, X86, alsoBroken), new(rule, decision, Arm64, alsoBroken)];

    private static Canary NoClear(Architecture architecture) =>
        new("PTB006", "no-clear", architecture, ["PTB105", "PTB106"], "sketch-split-no-clear");

    /// <summary>Upstream has two faults with shadow stacks; one is mended so that the other shows alone.</summary>
    private static Canary ShadowStack(
        string rule,
        string decision,
        string mendOfTheOther,
        params string[] alsoBroken
    ) => new(rule, decision, X86, alsoBroken, $"batched-any-arch~{mendOfTheOther}", true);
}
