using System.Buffers.Binary;
using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using PteCheck.Checking.Campaigns;
using PteCheck.Cli.Running;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;

namespace PteCheck.Cli.Options;

/// <summary>The options of <c>run</c> and <c>gate</c> that say what to judge, and for how long.</summary>
internal sealed class JudgeOptions
{
    private readonly Option<string[]> operation = OptionText.Many(
        "--operation",
        "O",
        "An operation, for instance mremap"
    );
    private readonly Option<string[]> implementation = OptionText.Many(
        "--implementation",
        "I",
        "An implementation: mremap/batched, as-posted-v4, batched~ignore-write"
    );
    private readonly Option<string[]> arch = OptionText.Many(
        "--arch",
        "A",
        "x86-64 or arm64 (default: both)"
    );
    private readonly Option<string?> cases = OptionText.One(
        "--cases",
        "N",
        "Cases for each operation, implementation and architecture"
    );
    private readonly Option<string?> time = OptionText.One(
        "--time",
        "T",
        "Time for all of them together, for instance 30s or 5m"
    );
    private readonly Option<string?> profile = OptionText.One(
        "--profile",
        "P",
        "gate or nightly: how many cases (default: gate)"
    );
    private readonly Option<string?> seed = OptionText.One(
        "--seed",
        "S",
        "A number, or random (default: 1)"
    );
    private readonly Option<string?> jobs = OptionText.One(
        "--jobs",
        "N",
        "Threads (default: the processors)"
    );
    private readonly Option<string?> shard = OptionText.One(
        "--shard",
        "i/n",
        "Judge the i-th of n parts of the cases"
    );
    private readonly Option<string?> interference = OptionText.One(
        "--interference",
        "M",
        "on, off or only: other CPUs act in some cases, in none, in all (default: on)"
    );
    private readonly Option<string?> sequences = OptionText.One(
        "--sequences",
        "M",
        "on, off or only: some cases run several operations, none, all (default: on)"
    );
    private readonly Option<string?> kernel = OptionText.One(
        "--kernel",
        "V",
        "Primitives of 6.15, 6.17 or 7.2 (default: each implementation's own)"
    );
    private readonly Option<string[]> config = OptionText.Many(
        "--config",
        "K=V,...",
        "shadow-stack=on|off, bbml2=on|off (default: both off)"
    );

    private readonly SubjectOption subject = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] all =
        [
            operation,
            implementation,
            arch,
            cases,
            time,
            profile,
            seed,
            jobs,
            shard,
            interference,
            sequences,
            kernel,
            config,
        ];
        foreach (var option in all)
        {
            command.Add(option);
        }

        subject.AddTo(command);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">A value is not what it should be.</exception>
    /// <exception cref="PteCheck.Native.SubjectException">A subject does not compile.</exception>
    public CampaignSettings Read(ParseResult parse, Session session)
    {
        var (shadowStack, bbml2) = ReadConfig(parse.GetValue(config) ?? []);
        var limit = parse.GetValue(time);
        if (limit is not null && (parse.GetValue(cases) ?? parse.GetValue(profile)) is not null)
        {
            throw new UsageException("--time: expected without --cases and --profile");
        }

        if (parse.GetValue(cases) is not null && parse.GetValue(profile) is not null)
        {
            throw new UsageException("--cases: expected without --profile");
        }

        var version = ReadKernel(parse.GetValue(kernel));
        var names = parse.GetValue(implementation) ?? [];
        var others = ReadInterference(parse.GetValue(interference) ?? "on");
        var several = ReadSequences(parse.GetValue(sequences) ?? "on");
        if (others == InterferenceMode.Only && several == SequenceMode.Only)
        {
            throw new UsageException("--sequences only: expected without --interference only");
        }

        return new()
        {
            Implementations = ReadImplementations(
                parse,
                names,
                subject.Read(session, parse, version)
            ),
            Architectures = Selection.ReadArchitectures(parse.GetValue(arch) ?? []),
            Cases = limit is null ? ReadCases(parse) : null,
            Time = limit is null ? null : OptionText.Time("--time", limit),
            Seed = ReadSeed(parse.GetValue(seed)),
            Jobs = OptionText.Jobs(parse.GetValue(jobs)),
            Shard = ReadShard(parse.GetValue(shard)),
            Interference = others,
            Sequences = several,
            Kernel = version,
            ShadowStack = shadowStack,
            Bbml2 = bbml2,
        };
    }

    /// <summary>Subjects alone, where no implementation is named beside them.</summary>
    private List<Implementation> ReadImplementations(
        ParseResult parse,
        string[] names,
        IReadOnlyList<Implementation> subjects
    )
    {
        var operations = parse.GetValue(operation) ?? [];
        if (subjects.Count == 0 || names.Length > 0)
        {
            return [.. Selection.Read(operations, names), .. subjects];
        }

        var theirs = subjects
            .Select(one => one.Operation)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return
            operations.FirstOrDefault(name => !theirs.Contains(name, StringComparer.Ordinal))
                is { } other
            ? throw OptionText.Bad(
                "--operation",
                $"{string.Join(" or ", theirs)} beside --subject",
                other
            )
            : [.. subjects];
    }

    private long ReadCases(ParseResult parse)
    {
        if (parse.GetValue(cases) is { } number)
        {
            return OptionText.Number("--cases", number, 1);
        }

        var name = OptionText.Word(
            "--profile",
            parse.GetValue(profile) ?? "gate",
            "gate",
            "nightly"
        );
        return name == "nightly" ? Profiles.Nightly : Profiles.Gate;
    }

    private static ulong ReadSeed(string? text)
    {
        if (text is null)
        {
            return 1;
        }

        if (text == "random")
        {
            Span<byte> bytes = stackalloc byte[sizeof(uint)];
            RandomNumberGenerator.Fill(bytes);
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw OptionText.Bad("--seed", "a whole number from 0, or random", text);
    }

    private static (int Index, int Count) ReadShard(string? text)
    {
        if (text is null)
        {
            return (1, 1);
        }

        var parts = text.Split('/');
        return
            parts.Length == 2
            && int.TryParse(
                parts[0],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var index
            )
            && int.TryParse(
                parts[1],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var count
            )
            && index >= 1
            && index <= count
            ? (index, count)
            : throw OptionText.Bad("--shard", "i/n with 1 <= i <= n", text);
    }

    private static InterferenceMode ReadInterference(string text) =>
        OptionText.Word("--interference", text, "on", "off", "only") switch
        {
            "off" => InterferenceMode.Off,
            "only" => InterferenceMode.Only,
            _ => InterferenceMode.On,
        };

    private static SequenceMode ReadSequences(string text) =>
        OptionText.Word("--sequences", text, "on", "off", "only") switch
        {
            "off" => SequenceMode.Off,
            "only" => SequenceMode.Only,
            _ => SequenceMode.On,
        };

    private static KernelVersion? ReadKernel(string? text) =>
        text is null ? null
        : KernelVersionNames.TryParse(text, out var version) ? version
        : throw OptionText.Bad(
            "--kernel",
            string.Join(" or ", KernelVersionNames.All.Select(known => known.Name())),
            text
        );

    private static (bool ShadowStack, bool Bbml2) ReadConfig(string[] texts)
    {
        const string Expected = "shadow-stack=on|off or bbml2=on|off";
        var (shadowStack, bbml2) = (false, false);
        foreach (var pair in texts.SelectMany(text => text.Split(',')))
        {
            var isOn = pair.EndsWith("=on", StringComparison.Ordinal);
            if (!isOn && !pair.EndsWith("=off", StringComparison.Ordinal))
            {
                throw OptionText.Bad("--config", Expected, pair);
            }

            switch (pair[..pair.LastIndexOf('=')])
            {
                case "shadow-stack":
                    shadowStack = isOn;
                    break;
                case "bbml2":
                    bbml2 = isOn;
                    break;
                default:
                    throw OptionText.Bad("--config", Expected, pair);
            }
        }

        return (shadowStack, bbml2);
    }
}
