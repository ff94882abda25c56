using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace FsCheck.Xunit;

/// <summary>Prints generated arguments, one to a line, by the names of their parameters.</summary>
internal static class PropertyArguments
{
    private const string Indent = "  ";

    /// <summary>
    /// The arguments of one case. What a <c>Prop.ForAll</c> inside the method draws has no
    /// parameter, and is numbered.
    /// </summary>
    public static string Describe(MethodInfo method, IEnumerable<object?> arguments)
    {
        var parameters = method.GetParameters();
        var text = new StringBuilder();
        var index = 0;
        foreach (var argument in Flatten(parameters.Length, [.. arguments]))
        {
            var name = index < parameters.Length ? parameters[index].Name : $"#{index + 1}";
            var value = Describe(argument).ReplaceLineEndings($"\n{Indent}{Indent}");
            text.Append(Indent).Append(name).Append(" = ").Append(value).Append('\n');
            index++;
        }

        return index == 0 ? $"{Indent}no arguments\n" : text.ToString();
    }

    /// <summary>
    /// FsCheck hands over the arguments of a method as one: F#'s unit (null) for none, a tuple for
    /// two or more. Those of an inner <c>Prop.ForAll</c> follow it one by one.
    /// </summary>
    private static IEnumerable<object?> Flatten(int parameters, object?[] arguments) =>
        arguments switch
        {
            [null, .. var rest] when parameters == 0 => rest,
            [ITuple tuple, .. var rest] when parameters > 1 && tuple.Length == parameters =>
                Enumerable.Range(0, parameters).Select(item => tuple[item]).Concat(rest),
            _ => arguments,
        };

    /// <summary>One value: sequences with their elements, texts in quotes, numbers invariant.</summary>
    public static string Describe(object? value) =>
        value switch
        {
            null => "null",
            string text => $"\"{text}\"",
            char character => $"'{character}'",
            IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
            IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Describe))}]",
            _ => value.ToString() ?? value.GetType().Name,
        };
}
