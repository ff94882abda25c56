using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace FsCheck.Xunit;

/// <summary>Runs one property, and collects what it writes as the output of the test.</summary>
internal sealed class PropertyTestRunner(
    ITest test,
    IMessageBus messageBus,
    Type testClass,
    object[] constructorArguments,
    MethodInfo testMethod,
    string skipReason,
    IReadOnlyList<BeforeAfterTestAttribute> beforeAfterAttributes,
    ExceptionAggregator aggregator,
    CancellationTokenSource cancellationTokenSource
)
    : XunitTestRunner(
        test,
        messageBus,
        testClass,
        constructorArguments,
        testMethod,
        [],
        skipReason,
        beforeAfterAttributes,
        aggregator,
        cancellationTokenSource
    )
{
    /// <inheritdoc/>
    protected override async Task<Tuple<decimal, string>> InvokeTestAsync(
        ExceptionAggregator aggregator
    )
    {
        // A test class that asks for the helper gets this one: its lines and ours stay in order.
        var output = new TestOutputHelper();
        object[] arguments =
        [
            .. ConstructorArguments.Select(argument =>
                argument is TestOutputHelper or Func<TestOutputHelper> ? output : argument
            ),
        ];
        output.Initialize(MessageBus, Test);
        var seconds = await new Invoker(this, arguments, aggregator, output.WriteLine).RunAsync();
        var text = output.Output;
        output.Uninitialize();
        return Tuple.Create(seconds, text);
    }

    private sealed class Invoker(
        PropertyTestRunner runner,
        object[] constructorArguments,
        ExceptionAggregator aggregator,
        Action<string> write
    )
        : XunitTestInvoker(
            runner.Test,
            runner.MessageBus,
            runner.TestClass,
            constructorArguments,
            runner.TestMethod,
            // xunit compares their number with that of the parameters; FsCheck fills them.
            new object[runner.TestMethod.GetParameters().Length],
            runner.BeforeAfterAttributes,
            aggregator,
            runner.CancellationTokenSource
        )
    {
        // On a thread of the pool, as FsCheck waits for asynchronous properties and would
        // hold one of xunit's few workers while their continuations queue for it.
        protected override object CallTestMethod(object testClassInstance) =>
            Task.Run(() =>
                PropertyCheck.Run(
                    TestMethod,
                    testClassInstance,
                    TestMethod.GetCustomAttribute<PropertyAttribute>()!,
                    write
                )
            );
    }
}
