using System.CommandLine;
using System.Globalization;

namespace PteCheck.Cli.Options;

/// <summary>Options are taken as text and read here, so that every complaint has the same form.</summary>
internal static class OptionText
{
    /// <summary>An option with one value.</summary>
    public static Option<string?> One(string name, string value, string description) =>
        new(name)
        {
            HelpName = value,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
        };

    /// <summary>An option that may be given again and again.</summary>
    public static Option<string[]> Many(string name, string value, string description) =>
        new(name)
        {
            HelpName = value,
            Description = description + "; may be repeated",
            Arity = ArgumentArity.OneOrMore,
        };

    /// <summary>An option without a value.</summary>
    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>The complaint about a value.</summary>
    public static UsageException Bad(string option, string expected, string value) =>
        new($"{option}: expected {expected}, not '{value}'");

    /// <summary>A whole number from <paramref name="least"/>; commas and underscores may group digits.</summary>
    public static long Number(string option, string value, long least, long most = long.MaxValue)
    {
        var digits = value
            .Replace("_", "", StringComparison.Ordinal)
            .Replace(",", "", StringComparison.Ordinal);
        return
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
            ? number
            : throw Bad(
                option,
                most == long.MaxValue
                    ? $"a whole number from {least}"
                    : $"a whole number from {least} to {most}",
                value
            );
    }

    /// <summary>The value of <c>--jobs</c>: threads, by default one for each processor.</summary>
    public static int Jobs(string? value) =>
        value is null ? Environment.ProcessorCount : (int)Number("--jobs", value, 1, 1024);

    /// <summary>A time such as <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>; seconds without a unit.</summary>
    public static TimeSpan Time(string option, string value)
    {
        var digits = value.TrimEnd("hms".ToCharArray());
        var factor = value[digits.Length..] switch
        {
            "ms" => 0.001,
            "s" or "" => 1,
            "m" => 60,
            "h" => 3600,
            _ => 0,
        };
        var isNumber = double.TryParse(
            digits,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        );
        var seconds = number * factor;
        return isNumber && seconds is > 0 and < 1e7
            ? TimeSpan.FromSeconds(seconds)
            : throw Bad(option, "a time such as 30s, 5m or 1h", value);
    }

    /// <summary>One of a few words.</summary>
    public static string Word(string option, string value, params string[] words) =>
        words.Contains(value, StringComparer.Ordinal)
            ? value
            : throw Bad(option, string.Join(" or ", words), value);
}
