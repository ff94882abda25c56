using System.Runtime.ExceptionServices;
using FsCheck;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace PteCheck.Checking.Campaigns;

/// <summary>An FsCheck runner that reports nothing: campaigns keep their own books.</summary>
internal sealed class SilentRunner : IRunner
{
    public static readonly SilentRunner Instance = new();

    public void OnStartFixture(Type value) { }

    public void OnArguments(
        int ntest,
        FSharpList<object> args,
        FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every
    ) { }

    public void OnShrink(
        FSharpList<object> args,
        FSharpFunc<FSharpList<object>, string> everyShrink
    ) { }

    public void OnFinished(string name, TestResult testResult)
    {
        if (testResult is TestResult.Failed failed && failed.Item4 is Outcome.Failed outcome)
        {
            ExceptionDispatchInfo.Throw(outcome.Item);
        }
    }
}
