namespace PteCheck.Checking.Scenarios;

/// <summary>Bad input: a file that cannot be read as a scenario, with its place and what was expected.</summary>
public sealed class ScenarioException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ScenarioException() { }

    /// <summary>Creates the exception with a message.</summary>
    public ScenarioException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public ScenarioException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Creates the exception of a place: <c>FILE:LINE:COLUMN: error: MESSAGE</c>.</summary>
    public ScenarioException(string file, long line, long column, string message)
        : base($"{file}:{line}:{column}: error: {message}") { }
}
