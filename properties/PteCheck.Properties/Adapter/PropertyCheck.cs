using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace FsCheck.Xunit;

/// <summary>Checks one method with FsCheck's runner: the core of the adapter, free of xunit.</summary>
internal sealed class PropertyCheck : IRunner
{
    private readonly MethodInfo method;
    private readonly PropertyAttribute options;
    private readonly Action<string> write;
    private readonly Replay replay;
    private TestResult? result;

    private PropertyCheck(MethodInfo method, PropertyAttribute options, Action<string> write)
    {
        this.method = method;
        this.options = options;
        this.write = write;
        // Drawn here and not by FsCheck, so that it is known when a generator throws.
        replay = options.Replay is null ? RandomReplay() : ParseReplay(options.Replay);
    }

    /// <summary>
    /// Checks <paramref name="method"/> on <paramref name="target"/> (null for a static method).
    /// </summary>
    /// <param name="write">Takes what FsCheck has to say, a block of lines at a time.</param>
    /// <exception cref="PropertyFailedException">The property does not hold.</exception>
    public static void Run(
        MethodInfo method,
        object? target,
        PropertyAttribute options,
        Action<string> write
    )
    {
        var check = new PropertyCheck(method, options, write);
        try
        {
            Check.Method(
                check.Configuration(),
                method,
                target is null ? FSharpOption<object>.None : FSharpOption<object>.Some(target)
            );
        }
        catch (Exception exception)
        {
            var message = $"Stopped by an exception outside the property.\n{check.ReplayRun()}";
            throw new PropertyFailedException(message, Innermost(exception));
        }

        check.Conclude();
    }

    /// <summary>Reads <c>seed,gamma</c> or <c>seed,gamma,size</c>, in parentheses or not.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static Replay ParseReplay(string text)
    {
        var parts = text.Trim()
            .TrimStart('(')
            .TrimEnd(')')
            .Split(',', StringSplitOptions.TrimEntries);
        var culture = CultureInfo.InvariantCulture;
        if (
            parts.Length is 2 or 3
            && ulong.TryParse(parts[0], NumberStyles.None, culture, out var seed)
            && ulong.TryParse(parts[1], NumberStyles.None, culture, out var gamma)
            && (gamma & 1) == 1
        )
        {
            if (parts.Length == 2)
            {
                return new Replay(new Rnd(seed, gamma), FSharpOption<int>.None);
            }

            if (int.TryParse(parts[2], NumberStyles.None, culture, out var size))
            {
                return new Replay(new Rnd(seed, gamma), FSharpOption<int>.Some(size));
            }
        }

        throw new FormatException(
            $"Replay \"{text}\": expected \"seed,gamma\" or \"seed,gamma,size\", with an odd gamma."
        );
    }

    void IRunner.OnStartFixture(Type type) { }

    void IRunner.OnArguments(
        int number,
        FSharpList<object> arguments,
        FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every
    )
    {
        if (options.Verbose)
        {
            write($"Case {number}:\n{PropertyArguments.Describe(method, arguments)}");
        }
    }

    void IRunner.OnShrink(
        FSharpList<object> arguments,
        FSharpFunc<FSharpList<object>, string> everyShrink
    )
    {
        if (options.Verbose)
        {
            write($"Shrunk to:\n{PropertyArguments.Describe(method, arguments)}");
        }
    }

    void IRunner.OnFinished(string name, TestResult testResult) => result = testResult;

    private Config Configuration()
    {
        var config = Config
            .Quick.WithRunner(this)
            .WithReplay(FSharpOption<Replay>.Some(replay))
            .WithArbitrary(options.Arbitrary)
            .WithQuietOnSuccess(options.QuietOnSuccess);
        return config
            .WithMaxTest(Or(options.MaxTest, config.MaxTest))
            .WithMaxRejected(Or(options.MaxRejected, config.MaxRejected))
            .WithStartSize(Or(options.StartSize, config.StartSize))
            .WithEndSize(Or(options.EndSize, config.EndSize));

        static int Or(int value, int fallback) =>
            value == PropertyAttribute.Unset ? fallback : value;
    }

    private void Conclude()
    {
        switch (result)
        {
            case TestResult.Passed passed:
                var summary = Runner.onFinishedToString("", passed).TrimEnd();
                if (summary.Length > 0)
                {
                    write(summary);
                }

                break;
            case TestResult.Failed failed:
                ThrowFailed(failed);
                break;
            case TestResult.Exhausted exhausted:
                throw new PropertyFailedException(
                    $"Exhausted: only {exhausted.Item.NumberOfTests} cases were not discarded.\n{ReplayRun()}"
                );
            default:
                throw new PropertyFailedException("FsCheck ended without a result.");
        }
    }

    [DoesNotReturn]
    private void ThrowFailed(TestResult.Failed failed)
    {
        var data = failed.Item1;
        var text = new StringBuilder();
        text.Append($"Falsified after {Count(data.NumberOfTests, "case")}");
        text.Append($", {Count(data.NumberOfShrinks, "step")} of shrinking.\n");
        foreach (var label in data.Labels)
        {
            text.Append($"Label: {label}\n");
        }

        text.Append("Original:\n").Append(PropertyArguments.Describe(method, failed.Item2));
        text.Append("Shrunk:\n").Append(PropertyArguments.Describe(method, failed.Item3));
        text.Append(ReplayRun());
        text.Append($"\nReplay the case: Replay = \"{Format(failed.Item6)},{failed.Item7}\"");
        var cause = (failed.Item4 as Outcome.Failed)?.Item;
        throw new PropertyFailedException(text.ToString(), cause is null ? null : Innermost(cause));
    }

    private string ReplayRun()
    {
        var size = FSharpOption<int>.get_IsSome(replay.Size) ? $",{replay.Size.Value}" : "";
        return $"Replay the run:  Replay = \"{Format(replay.Rnd)}{size}\"";
    }

    private static string Format(Rnd rnd) => $"{rnd.Seed},{rnd.Gamma}";

    private static string Count(int number, string noun) =>
        number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    private static Replay RandomReplay()
    {
        var seed = (ulong)Random.Shared.NextInt64();
        var gamma = (ulong)Random.Shared.NextInt64() | 1;
        return new Replay(new Rnd(seed, gamma), FSharpOption<int>.None);
    }

    private static Exception Innermost(Exception exception)
    {
        while (
            exception
                is TargetInvocationException
                    or AggregateException { InnerExceptions.Count: 1 }
            && exception.InnerException is { } inner
        )
        {
            exception = inner;
        }

        return exception;
    }
}
