using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;

namespace PteCheck.Properties.Scenarios;

/// <summary>Bad files: one clear error each, with file, line and column, in under a second.</summary>
public sealed class ScenarioErrorTests
{
    private static readonly Regex Place = new(
        @"^bad\.yaml:[1-9]\d*:[1-9]\d*: error: .",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    [Theory]
    [InlineData("colour: red", "6:1", "unknown key 'colour'")]
    [InlineData("pte: {}", "6:1", "did you mean 'ptes'?")]
    [InlineData("arch: sparc", "6:7", "expected x86-64, arm64")]
    [InlineData("kernel: 6.1", "6:9", "expected 6.15, 6.17, 7.2")]
    [InlineData("config: shadow-stack", "6:9", "expected shadow-stack=on")]
    [InlineData("config: { bbml2: on }", "6:9", "RS11")]
    [InlineData("table: { slots: 64 }", "6:17", "expected 8, 16, 32, 512")]
    [InlineData("cpus: 5", "6:7", "from 1 to 4")]
    [InlineData("cpus: 99999999999999999999", "6:7", "from 1 to 4")]
    [InlineData("cpus: -1", "6:7", "from 1 to 4")]
    [InlineData("mms: [a, a]", "6:10", "different names")]
    [InlineData("ptes: { src+8: zero }", "6:13", "page of src, a number from 0 to 7")]
    [InlineData("ptes: { dts+0: zero }", "6:9", "did you mean 'dst'?")]
    [InlineData("ptes: { src+0: 'B[0]' }", "6:17", "unknown entry or folio 'B'")]
    [InlineData("ptes: { src+0: 'A[4]' }", "6:19", "page of A, a number from 0 to 3")]
    [InlineData("ptes: { src+0: A }", "6:17", "expected a page of A")]
    [InlineData(
        "ptes: { src+0: 'A[0] Q' }",
        "6:22",
        "letter 'Q' unexpected; this entry has WDYSUN"
    )]
    [InlineData("ptes: { src+0: 'A[0] WW' }", "6:23", "second time")]
    [InlineData("ptes: { src+0: 'A[0] X' }", "6:22", "letter 'X'")]
    [InlineData("ptes: { src+0: swap 1024 }", "6:21", "from 0 to 1023")]
    [InlineData("ptes: { src+0: swap 4:1 }", "6:21", "swap device")]
    [InlineData("ptes: { src+0: marker red }", "6:23", "expected uffd-wp, poison, guard")]
    [InlineData("ptes: { src+0: zero, src+0..1: zero }", "6:22", "second entry for src+0")]
    [InlineData("ptes: { src+0..3: 'A[0..2]' }", "6:19", "3 pages or slots for 4 entries")]
    [InlineData("ptes: { src+0: zero, src+0: zero }", "6:22", "second time")]
    [InlineData("ptes: { src+0: }", "6:", "expected an entry")]
    [InlineData("ptes: { dst+0: zero }", "6:9", "RS06")]
    [InlineData("ptes: { src+0: 'A[0] WU' }", "6:9", "RS24")]
    [InlineData("ptes: { src+0: 'A[0] WN' }", "6:9", "say 'unreachable: true'")]
    [InlineData("tlb: [ cpu9 src+0 ]", "6:11", "CPU, a number from 0 to 3")]
    [InlineData("tlb: [ cpu1 src+0 ]", "6:18", "no present entry there")]
    [InlineData("tlb: [ 'cpu1 src+0 = A[0] WD' ]", "6:8", "RS56")]
    [InlineData("pending: { batched-flush: [x] }", "6:28", "unknown mm 'x'")]
    [InlineData("pending: { tlb-flush-pending: { m: 256 } }", "6:36", "from 0 to 255")]
    [InlineData("expect: { bached: holds }", "6:11", "no implementation 'bached'")]
    [InlineData("expect: { batched: fine }", "6:20", "expected holds, violated")]
    [InlineData("expect: { batched: violated PTB999 }", "6:29", "unknown rule 'PTB999'")]
    [InlineData("expect: { batched: holds PTB001 }", "6:26", "too much")]
    [InlineData("unreachable: perhaps", "6:14", "expected true or false")]
    [InlineData("title: &a x", "6:8", "an anchor")]
    [InlineData("title: !!str x", "6:8", "a tag")]
    [InlineData("title: [", "", "not YAML")]
    [InlineData("---\ntitle: x", "", "second document")]
    public void Each_bad_line_is_refused_at_its_place(string line, string place, string message) =>
        AssertRefused(ScenarioTexts.With(line), place, message);

    [Theory]
    [InlineData("", "1:1", "empty")]
    [InlineData("# nothing\n", "1:1", "empty")]
    [InlineData("42", "1:1", "expected a scenario")]
    [InlineData("vmas: []", "1:1", "no 'run:'")]
    [InlineData("run: mremap a to b", "1:1", "no 'vmas:'")]
    [InlineData("run: mremap a to b\nvmas: []", "1:13", "unknown VMA 'a'")]
    [InlineData("run: move a to b\nvmas: []", "1:6", "expected mremap")]
    [InlineData("run: mremap a\nvmas: []", "1:14", "expected 'to'")]
    [InlineData("run: mremap a to a\nvmas: [ { name: a, pages: 1 } ]", "1:13", "moves onto itself")]
    [InlineData("run: mremap a to b\nvmas: [ { name: a } ]", "2:9", "without 'pages'")]
    [InlineData("run: mremap a to b\nvmas: [ { name: a, pages: 0 } ]", "2:27", "from 1 to 1024")]
    [InlineData(
        "run: mremap a to b\nvmas: [ { name: a, pages: 1, flags: q } ]",
        "2:37",
        "letters r w x s"
    )]
    [InlineData(
        "run: mremap a to b\nvmas: [ { name: a, pages: 2 }, { name: b, pages: 1 } ]",
        "2:32",
        "RS10"
    )]
    [InlineData(
        "run: mremap a to b\nvmas: [ { name: a, pages: 2 }, { name: b, pages: 2, flags: r } ]",
        "2:60",
        "of a destination"
    )]
    [InlineData(
        "run: mremap a to b\nvmas: [ { name: a, pages: 2, at: 0 }, { name: b, pages: 2, at: 1 } ]",
        "2:39",
        "RS05"
    )]
    [InlineData(
        "run: mremap a to b\nvmas: [ { name: a, pages: 2 }, { name: a, pages: 2 } ]",
        "2:40",
        "second VMA 'a'"
    )]
    [InlineData(
        "folios: { A: { order: 10 } }\nrun: mremap a to b\nvmas: [ { name: a, pages: 2 } ]",
        "1:23",
        "from 0 to 9"
    )]
    [InlineData(
        "folios: { A: { order: 1 } }\nrun: mremap a to b\nvmas: [ { name: a, pages: 2 } ]",
        "1:11",
        "RS03"
    )]
    [InlineData(
        "folios: { swap: {} }\nrun: mremap a to b\nvmas: [ { name: a, pages: 2 } ]",
        "1:11",
        "not none, zero, swap"
    )]
    [InlineData(
        "folios: { A: { pfn: 4096 }, B: { pfn: 0x1000 } }\nrun: mremap a to b\nvmas: [ { name: a, pages: 2 } ]",
        "1:29",
        "RS08"
    )]
    public void Each_bad_file_is_refused_at_its_place(string text, string place, string message) =>
        AssertRefused(text, place, message);

    [Fact]
    public void Hostile_files_are_refused_at_once()
    {
        AssertRefused("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "1:4", "anchor");
        AssertRefused("a: [*a]", "1:5", "alias");
        AssertRefused("title: " + new string('x', 12 << 20), "1:1", "larger than 1 MiB");
        AssertRefused("title: " + new string('[', 50_000), "1:24", "nested more than 16 deep");
        AssertRefused(
            string.Concat(Enumerable.Repeat("{a: ", 50_000)),
            "",
            "nested more than 16 deep"
        );
        AssertRefused("title: " + string.Concat(Enumerable.Repeat("- ", 50_000)), "", "");
        AssertRefused(
            "title: [" + string.Concat(Enumerable.Repeat("a,", 100_000)) + "]",
            "",
            "more than"
        );
        AssertRefused("title: a\0b", "1:9", "U+0000");
        AssertRefused("title: a\n\u001b[2J", "2:1", "U+001B");
        AssertRefused("title: \"a\\0b\"", "1:8", "escaped control character");
        AssertRefused("title: \ud800", "1:8", "U+D800");
        AssertRefused("? [a]\n: b", "1:3", "a key that is not a word");
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused_at_their_place()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("title: ä\nfix: "), 0xC3, 0x28];

        var error = Assert.Throws<ScenarioException>(() =>
            ScenarioReader.ReadBytes(bytes, "bad.yaml")
        );

        Assert.StartsWith(
            "bad.yaml:2:6: error: not UTF-8",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Files_that_are_missing_or_too_large_are_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[ScenarioReader.MaxBytes + 1]);
            var large = Assert.Throws<ScenarioException>(() => ScenarioReader.ReadFile(path));
            Assert.Contains(
                ":1:1: error: larger than 1 MiB",
                large.Message,
                StringComparison.Ordinal
            );
        }
        finally
        {
            File.Delete(path);
        }

        var missing = Assert.Throws<ScenarioException>(() => ScenarioReader.ReadFile(path));
        Assert.Contains(":1:1: error: cannot be read", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_read_or_refused_with_a_place()
    {
        foreach (var text in ScenarioTexts.Good)
        {
            for (var length = 0; length < text.Length; length++)
            {
                ReadOrRefuse(text[..length]);
            }
        }
    }

    [Fact]
    public void A_file_with_any_character_changed_is_read_or_refused_with_a_place()
    {
        foreach (var text in ScenarioTexts.Good)
        {
            for (var at = 0; at < text.Length; at++)
            {
                foreach (var c in "[{:9-'")
                {
                    ReadOrRefuse(
                        string.Concat(text.AsSpan(0, at), c.ToString(), text.AsSpan(at + 1))
                    );
                }
            }
        }
    }

    private static void ReadOrRefuse(string text)
    {
        try
        {
            ScenarioReader.Read(text, "bad.yaml");
        }
        catch (ScenarioException error)
        {
            Assert.Matches(Place, error.Message);
        }
    }

    private static void AssertRefused(string text, string place, string message)
    {
        var watch = Stopwatch.StartNew();
        var error = Assert.Throws<ScenarioException>(() => ScenarioReader.Read(text, "bad.yaml"));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed}");
        Assert.Matches(Place, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(error.Message.Length < 500, error.Message);
        Assert.StartsWith($"bad.yaml:{place}", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
