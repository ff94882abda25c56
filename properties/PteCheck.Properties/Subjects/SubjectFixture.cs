using PteCheck.Checking.Campaigns;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Native;
using PteCheck.Properties.Regressions;

namespace PteCheck.Properties.Subjects;

/// <summary>The subjects of <c>regressions/subjects</c>, each compiled once.</summary>
public sealed class SubjectFixture : IDisposable
{
    private readonly SubjectCompiler compiler = new();
    private readonly Dictionary<(string, bool), Implementation> loaded = [];

    /// <summary>A subject by its path under <c>regressions/subjects</c>, without the ending.</summary>
    public Implementation Load(string name, bool addressSanitizer = false)
    {
        if (!loaded.TryGetValue((name, addressSanitizer), out var subject))
        {
            var file = Path.Combine(RegressionFiles.Root, "regressions", "subjects", name + ".c");
            subject = compiler
                .Load(file, new(AddressSanitizer: addressSanitizer))
                .AsImplementation();
            loaded[(name, addressSanitizer)] = subject;
        }

        return subject;
    }

    /// <summary>The implementation of this project that is the twin of a subject.</summary>
    public static Implementation Twin(string operation, string name) =>
        OperationCatalog.Parse(name, [OperationCatalog.Find(operation)!], out var error)
        ?? throw new InvalidOperationException(error);

    /// <summary>A campaign of an implementation.</summary>
    public static CampaignResult Campaign(
        Implementation implementation,
        Architecture architecture,
        long cases,
        InterferenceMode interference = InterferenceMode.On
    ) =>
        Checking.Campaigns.Campaign.Run(
            new()
            {
                Operation = OperationCatalog.Find(implementation.Operation)!,
                Implementation = implementation,
                Architecture = architecture,
                Cases = cases,
                Interference = interference,
                Jobs = 2,
            },
            CancellationToken.None
        );

    /// <inheritdoc/>
    public void Dispose() => compiler.Dispose();
}
