namespace PteCheck.Cli;

/// <summary>Bad usage: the message is one line that names the option and what was expected.</summary>
public sealed class UsageException : Exception
{
    /// <summary>Creates the exception.</summary>
    public UsageException() { }

    /// <summary>Creates the exception with a message.</summary>
    public UsageException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public UsageException(string message, Exception innerException)
        : base(message, innerException) { }
}
