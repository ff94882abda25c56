using Xunit.Sdk;

namespace FsCheck.Xunit;

/// <summary>
/// Runs a test method as an FsCheck property. Its parameters are generated from their types; it
/// returns nothing, a bool, an FsCheck <see cref="Property"/> or a task of these.
/// </summary>
/// <remarks>
/// Stands in for the attribute of the same name in the package FsCheck.Xunit: same namespace,
/// same options. An option that is not set keeps FsCheck's own default.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("FsCheck.Xunit.PropertyDiscoverer", "PteCheck.Properties")]
public sealed class PropertyAttribute : FactAttribute
{
    /// <summary>The value of a number that was not set.</summary>
    internal const int Unset = -1;

    /// <summary>How many cases must pass.</summary>
    public int MaxTest { get; set; } = Unset;

    /// <summary>How many cases may be discarded before the property counts as exhausted.</summary>
    public int MaxRejected { get; set; } = Unset;

    /// <summary>The size of the first case.</summary>
    public int StartSize { get; set; } = Unset;

    /// <summary>The size of the last case; sizes grow evenly up to it.</summary>
    public int EndSize { get; set; } = Unset;

    /// <summary>
    /// <c>seed,gamma</c> repeats a whole run, <c>seed,gamma,size</c> one case. A failure prints both.
    /// </summary>
    public string? Replay { get; set; }

    /// <summary>
    /// Classes whose static members return an <c>Arbitrary</c>. The first in the array wins.
    /// </summary>
    public Type[] Arbitrary { get; set; } = [];

    /// <summary>Writes the arguments of every case and of every step of shrinking.</summary>
    public bool Verbose { get; set; }

    /// <summary>Writes nothing when the property holds.</summary>
    public bool QuietOnSuccess { get; set; }
}
