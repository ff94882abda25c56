namespace FsCheck.Xunit;

/// <summary>
/// A property that does not hold, or that could not be checked. The message has the arguments, as
/// drawn and shrunk, and the strings that replay them.
/// </summary>
public sealed class PropertyFailedException : Exception
{
    public PropertyFailedException(string message)
        : base(message) { }

    public PropertyFailedException(string message, Exception? cause)
        : base(message, cause) { }
}
