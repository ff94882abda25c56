using System.Reflection;
using FsCheck.Fluent;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace FsCheck.Xunit;

/// <summary>
/// The adapter itself. Properties that must fail sit in a private class, where xunit does not
/// find them, and are run through the adapter's core or as xunit would run the test case.
/// </summary>
public sealed class PropertyAttributeTests(ITestOutputHelper output)
{
    private const string Seed = "123456789,987654321";

    [Fact]
    public void Runs_the_cases_asked_for()
    {
        var counting = new Counting();
        var method = typeof(Counting).GetMethod(nameof(Counting.Count))!;
        PropertyCheck.Run(method, counting, new() { MaxTest = 37 }, _ => { });

        Assert.Equal(37, counting.Cases);
    }

    [Property(EndSize = 5)]
    public bool Bool_is_a_verdict(int[] numbers) => numbers.Length <= 5;

    [Property(MaxTest = 1)]
    public void Output_helper_is_given_to_the_class(int number) => output.WriteLine($"{number}");

    [Property]
    public Property Property_is_a_verdict(int a, int b) => (a + b == b + a).Label("commutes");

    [Property(MaxTest = 20)]
    public async Task Task_is_awaited(int number)
    {
        await Task.Yield();
        Assert.Equal(number, number);
    }

    [Property(Arbitrary = [typeof(SevenOnly)])]
    public bool Arbitrary_is_honoured(int number) => number == 7;

    [Property]
    public static bool Static_methods_and_no_parameters_work() => true;

    [Theory]
    [InlineData(nameof(Failing.Void))]
    [InlineData(nameof(Failing.Bool))]
    [InlineData(nameof(Failing.Property))]
    [InlineData(nameof(Failing.Async))]
    public void Failure_shows_original_shrunk_and_replay(string name)
    {
        var message = Fail(name, new PropertyAttribute { Replay = Seed, MaxTest = 1000 }).Message;

        Assert.Contains("Original:\n  number = ", message, StringComparison.Ordinal);
        Assert.Contains("Shrunk:\n  number = 10\n", message, StringComparison.Ordinal);
        Assert.Contains($"Replay = \"{Seed}\"", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_keeps_the_exception_of_the_property()
    {
        var options = new PropertyAttribute { Replay = Seed, MaxTest = 1000 };

        Assert.IsAssignableFrom<XunitException>(Fail(nameof(Failing.Void), options).InnerException);
        Assert.IsAssignableFrom<XunitException>(
            Fail(nameof(Failing.Async), options).InnerException
        );
    }

    [Fact]
    public void Failure_names_every_argument()
    {
        var message = Fail(nameof(Failing.Three), new PropertyAttribute { Replay = Seed }).Message;

        Assert.Contains(
            "Shrunk:\n  text = \"\"\n  flag = True\n  items = []\n  #4 = 0\n",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Original:\n  no arguments\n",
            Fail(nameof(Failing.Nullary), new PropertyAttribute()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Replay_of_the_run_repeats_the_message()
    {
        var options = new PropertyAttribute { Replay = Seed, MaxTest = 1000 };

        Assert.Equal(
            Fail(nameof(Failing.Bool), options).Message,
            Fail(nameof(Failing.Bool), options).Message
        );
    }

    [Fact]
    public void Replay_of_the_case_repeats_it_at_once()
    {
        var first = Fail(nameof(Failing.Bool), new PropertyAttribute { MaxTest = 1000 }).Message;
        var replay = first[(first.LastIndexOf("= \"", StringComparison.Ordinal) + 3)..^1];
        var second = Fail(nameof(Failing.Bool), new PropertyAttribute { Replay = replay }).Message;

        Assert.StartsWith("Falsified after 1 case,", second, StringComparison.Ordinal);
        Assert.Equal(Original(first), Original(second));
    }

    [Fact]
    public void Exhaustion_is_a_failure()
    {
        var options = new PropertyAttribute { MaxRejected = 50 };

        Assert.StartsWith(
            "Exhausted:",
            Fail(nameof(Failing.Never), options).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Generator_that_throws_is_reported_with_the_replay()
    {
        var options = new PropertyAttribute { Replay = Seed, Arbitrary = [typeof(Throwing)] };
        var failure = Fail(nameof(Failing.Bool), options);

        Assert.Contains($"Replay = \"{Seed}\"", failure.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(failure.InnerException);
    }

    [Fact]
    public void Verbose_writes_every_case_and_quiet_writes_nothing()
    {
        var method = Method(nameof(Failing.True));
        List<string> loud = [];
        List<string> quiet = [];
        PropertyCheck.Run(method, null, new() { Verbose = true, MaxTest = 3 }, loud.Add);
        PropertyCheck.Run(method, null, new() { QuietOnSuccess = true }, quiet.Add);

        Assert.Equal(3, loud.Count(text => text.StartsWith("Case ", StringComparison.Ordinal)));
        Assert.Equal("Ok, passed 3 tests.", loud[^1]);
        Assert.Empty(quiet);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1,2")]
    [InlineData("1,3,x")]
    [InlineData("1,3,5,7")]
    public void Replay_that_is_no_replay_is_refused(string replay) =>
        Assert.Throws<FormatException>(() => PropertyCheck.ParseReplay(replay));

    [Fact]
    public async Task Xunit_gets_a_failed_test_and_its_message()
    {
        using var bus = new RecordingBus();
        using var cancellation = new CancellationTokenSource();
        var testClass = new TestClass(
            new TestCollection(
                new TestAssembly(Reflector.Wrap(typeof(Failing).Assembly)),
                collectionDefinition: null,
                displayName: ""
            ),
            Reflector.Wrap(typeof(Failing))
        );
        using var testCase = new PropertyTestCase(
            new NullMessageSink(),
            TestMethodDisplay.Method,
            TestMethodDisplayOptions.None,
            new TestMethod(testClass, Reflector.Wrap(Method(nameof(Failing.Bool))))
        );

        var summary = await testCase.RunAsync(
            new NullMessageSink(),
            bus,
            [],
            new ExceptionAggregator(),
            cancellation
        );

        Assert.Equal((1, 1), (summary.Total, summary.Failed));
        var failed = Assert.Single(bus.Messages.OfType<ITestFailed>());
        Assert.Contains("number = 10\n", failed.Messages[0], StringComparison.Ordinal);
    }

    private static string Original(string message) =>
        message[
            message.IndexOf("Original:", StringComparison.Ordinal)..message.IndexOf(
                "Replay the run",
                StringComparison.Ordinal
            )
        ];

    private static MethodInfo Method(string name) => typeof(Failing).GetMethod(name)!;

    private static PropertyFailedException Fail(string name, PropertyAttribute options) =>
        Assert.Throws<PropertyFailedException>(() =>
            PropertyCheck.Run(Method(name), target: null, options, _ => { })
        );

    private sealed class Counting
    {
        public int Cases { get; private set; }

        public void Count(int number) => Cases += Math.Sign(Math.Abs(number) + 1);
    }

    private static class SevenOnly
    {
        public static Arbitrary<int> Number() => Arb.From(Gen.Constant(7));
    }

    private static class Throwing
    {
        public static Arbitrary<int> Number() =>
            Arb.From(Gen.Constant(7).Select<int, int>(_ => throw new InvalidOperationException()));
    }

    private sealed class RecordingBus : IMessageBus
    {
        public List<IMessageSinkMessage> Messages { get; } = [];

        public bool QueueMessage(IMessageSinkMessage message)
        {
            Messages.Add(message);
            return true;
        }

        public void Dispose() { }
    }

#pragma warning disable xUnit1000 // Private, so that xunit does not run what must fail.
    private static class Failing
#pragma warning restore xUnit1000
    {
        public static void Void(int number) => Assert.True(number < 10);

        [Property(MaxTest = 1000)]
        public static bool Bool(int number) => number < 10;

        public static Property Property(int number) => (number < 10).Label("small");

        public static async Task Async(int number)
        {
            await Task.Yield();
            Assert.True(number < 10);
        }

        public static Property Never(int number) => true.When(number > 1_000_000);

        public static Property Three(string? text, bool flag, int[] items) =>
            Prop.ForAll<int>(number => text is not null && flag && items.Length + number > 999);

        public static bool Nullary() => false;

        public static bool True(int number) => Math.Abs((long)number) >= 0;
    }
}
