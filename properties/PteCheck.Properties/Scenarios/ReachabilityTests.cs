using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;

namespace PteCheck.Properties.Scenarios;

/// <summary>Each reachability rule refuses a state that breaks it alone, and no rule refuses the good files.</summary>
public sealed class ReachabilityTests
{
    private const string Src = "run: mremap src to dst\nvmas:\n  - { name: src, pages: 4";

    /// <summary>Rule ids and the smallest file that breaks each.</summary>
    public static readonly TheoryData<string, string> Broken = new()
    {
        { "RS20", Src + ", flags: rws }" },
        { "RS21", Src + ", event-remap: true }" },
        { "RS21", Src + ", uffd: minor }" },
        { "RS21", Src + ", uffd: missing, file: regular }" },
        { "RS22", Src + ", flags: shadow-stack }" },
        { "RS22", "config: shadow-stack=on\n" + Src + ", flags: rwx shadow-stack }" },
        { "RS23", Src + ", flags: droppable, uffd: wp }" },
        { "RS24", File("", "exclusive: all", "A U") },
        { "RS24", File("file: regular", "", "marker uffd-wp") },
        { "RS25", File("uffd: wp", "exclusive: all", "A WDU") },
        { "RS25", File("uffd: wp", "", "migration A WU") },
        { "RS26", File("", "exclusive: all", "A WDN") },
        { "RS27", File("flags: r", "exclusive: all", "A WD") },
        { "RS28", File("flags: rws, file: shmem", "kind: shmem", "A W") },
        { "RS29", File("flags: rws, file: regular", "kind: file", "A D") },
        { "RS30", File("file: shmem", "kind: shmem", "A D") },
        { "RS31", File("flags: rs, file: shmem", "", "A") },
        { "RS31", File("file: shmem", "kind: file", "A") },
        { "RS31", File("file: shmem", "kind: shmem, first-page-of: 1", "A") },
        { "RS32", File("file: shmem", "kind: shmem, order: 1", "'A[0]', src+2: 'A[1]'") },
        { "RS33", File("", "kind: lazyfree", "A W") },
        { "RS34", File("", "exclusive: all", "device-exclusive A") },
        { "RS34", File("", "dirty: true", "device-exclusive A") },
        {
            "RS34",
            "config: shadow-stack=on\n"
                + File("flags: shadow-stack", "dirty: true, exclusive: all", "device-exclusive A")
        },
        { "RS35", File("flags: r", "", "migration A W") },
        { "RS35", File("file: shmem", "kind: shmem", "migration A X") },
        { "RS36", File("flags: droppable", "", "swap 1") },
        { "RS37", File("flags: rs, file: shmem", "", "zero") },
        { "RS37", File("flags: none", "", "zero") },
        { "RS38", File("uffd: wp", "", "marker uffd-wp") },
        { "RS38", File("", "", "marker poison") },
        { "RS39", File("uffd: missing", "", "marker poison+guard") },
        { "RS40", File("soft-dirty: tracked", "exclusive: all", "A WD") },
        {
            "RS41",
            "config: shadow-stack=on\n" + File("flags: shadow-stack", "exclusive: all", "A W")
        },
        { "RS42", File("flags: none", "", "A") },
        { "RS43", File("flags: droppable", "", "A") },
        { "RS50", File("file: shmem", "kind: shmem, exclusive: all", "A") },
        { "RS50", File("", "kind: lazyfree, swapcache: true", "A") },
        { "RS51", File("", "exclusive: all", "A, src+1: A") },
        { "RS52", File("", "", "A, src+1: A") },
        { "RS53", File("", "", "swap 1 X, src+1: swap 1") },
        { "RS54", "mms: 2\n" + File("", "", "migration A, two+0: A", two: true) },
        { "RS54", File("", "exclusive: all", "migration A") },
        { "RS55", "mms: 2\n" + File("", "", "migration A X, two+0: migration A", two: true) },
        { "RS56", File("", "", "A") + "\ntlb: [ cpu1 src+0 = A W ]" },
        { "RS56", File("", "", "A N") + "\ntlb: [ cpu1 src+0 = A ]" },
        {
            "RS56",
            File("", "", "A") + "\ntlb: [ cpu1 src+1 = A ]\npending: { batched-flush: [m] }"
        },
        {
            "RS57",
            File("flags: r", "", "zero")
                + "\ntlb: [ cpu1 src+1 = A W ]\npending: { batched-flush: [m] }"
        },
        { "RS60", File("", "pins: 1", "A") },
        {
            "RS73",
            "vmas:\n  - { name: a, pages: 512, flags: rws, file: shmem }\nrun: mthp-select a"
        },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Each_rule_refuses_what_breaks_it(string id, string text)
    {
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read(text, "f"));

        Assert.Contains(
            $"no kernel reaches this state, {id}: ",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_file_that_says_unreachable_is_taken_at_its_word(string id, string text)
    {
        var scenario = ScenarioReader.Read("unreachable: true\n" + text, "f");
        scenario.Unreachable = false;

        Assert.Equal(id, Reachability.FirstBroken(scenario)?.Rule.Id);
    }

    [Fact]
    public void Every_rule_has_an_id_of_its_own_a_sentence_and_a_source()
    {
        var ids = Reachability.All.Select(rule => rule.Id).ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal), ids);
        Assert.All(
            Reachability.All,
            rule => Assert.EndsWith(".", rule.Sentence, StringComparison.Ordinal)
        );
        Assert.All(Reachability.All, rule => Assert.NotEmpty(rule.Source));
    }

    [Fact]
    public void Every_rule_about_entries_is_broken_by_some_file_here()
    {
        var broken = Broken.Select(row => row[0]).ToHashSet();
        var rules = EntryRules
            .All.Concat(SharingRules.All)
            .Concat(PinRules.All)
            .Select(rule => rule.Id);

        Assert.DoesNotContain(rules, id => !broken.Contains(id));
    }

    private static string File(string vma, string folio, string entry, bool two = false) =>
        $"folios: {{ A: {{ {folio} }} }}\n{Src}{(vma.Length > 0 ? ", " : "")}{vma} }}\n"
        + (two ? "  - { name: two, mm: m1, pages: 1 }\n" : "")
        + $"ptes: {{ src+0: {entry} }}";
}
