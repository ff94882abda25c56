using PteCheck.Reports;

namespace PteCheck.Cli;

/// <summary>What the process returns.</summary>
public static class ExitCode
{
    /// <summary>Everything holds, or is as expected.</summary>
    public const int Holds = 0;

    /// <summary>Something is violated, or not as expected.</summary>
    public const int Violated = 1;

    /// <summary>Bad usage or bad input.</summary>
    public const int BadUsage = 2;

    /// <summary>Nothing applicable.</summary>
    public const int NothingApplicable = 4;

    /// <summary>Cannot judge: a subject that does not compile.</summary>
    public const int CannotJudge = 125;

    /// <summary>What <c>git bisect run</c> takes for a commit to be skipped.</summary>
    public const int BisectSkip = 125;

    /// <summary>Internal error, or the reference itself is violated.</summary>
    public const int InternalError = 128;

    /// <summary>Interrupted.</summary>
    public const int Interrupted = 130;

    /// <summary>The code of a set of results: the worst of them, and 4 where none applies.</summary>
    public static int Of(ReportInput input)
    {
        var statuses = input.Results.Select(input.StatusOf).ToHashSet();
        return statuses.Contains(ResultStatus.ReferenceViolated) ? InternalError
            : statuses.Contains(ResultStatus.Failed) ? Violated
            : statuses.Contains(ResultStatus.Passed) || statuses.Contains(ResultStatus.Known)
                ? Holds
            : NothingApplicable;
    }

    /// <summary>For <c>git bisect run</c>, which takes 1 to 127 but 125 for a bad commit.</summary>
    public static int ForBisect(int code) =>
        code switch
        {
            BadUsage => InternalError,
            NothingApplicable => BisectSkip,
            _ => code,
        };
}
