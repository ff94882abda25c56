namespace PteCheck.Native;

/// <summary>A subject that cannot be judged: it does not compile or load, or there is no compiler.</summary>
public sealed class SubjectException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SubjectException()
        : base("The subject cannot be judged.") { }

    /// <summary>Creates the exception with what the compiler or the loader says.</summary>
    public SubjectException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public SubjectException(string message, Exception innerException)
        : base(message, innerException) { }
}
