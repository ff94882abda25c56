using FsCheck.Xunit;
using PteCheck.Checking.Generation;
using PteCheck.Checking.Scenarios;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Interference;

namespace PteCheck.Properties.Scenarios;

/// <summary>Every step that a scenario can have comes back from its text.</summary>
public sealed class StepTextTests
{
    private static readonly StepVerb[] Verbs =
    [
        .. Enum.GetValues<StepVerb>().Except([StepVerb.Count, StepVerb.ZapTable, StepVerb.Retract]),
    ];
    private static readonly AnchorEvent[] Events = Enum.GetValues<AnchorEvent>();

    [Fact]
    public void Each_verb_at_each_anchor_comes_back()
    {
        var random = new SeededRandom(1);
        foreach (var verb in Verbs)
        {
            foreach (var anchor in Events)
            {
                AssertComesBack([Step(verb, anchor, ref random)]);
            }
        }
    }

    [Property]
    public void Random_steps_come_back_in_their_order(ulong seed)
    {
        var random = new SeededRandom(seed);
        var steps = new StepSpec[random.Below(Scenario.MaxSteps + 1)];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = Step(
                Verbs[random.Below(Verbs.Length)],
                Events[random.Below(Events.Length)],
                ref random
            );
        }

        AssertComesBack(steps);
    }

    [Theory]
    [InlineData("cpu1 load src+1 after folio-free")]
    [InlineData("cpu1 store src+0 fresh before unlock ptl")]
    [InlineData("device store src+2 after clear src+3 #2")]
    [InlineData("cpu1 zap src+1..3 at start")]
    [InlineData("cpu1 gup-recheck src+0 at end")]
    public void A_step_is_written_as_it_is_said(string words)
    {
        var scenario = ScenarioReader.Read(
            ScenarioTexts.With($"interference: [ '{words}' ]"),
            "step.yaml"
        );

        Assert.Equal(words, StepText.Of(scenario, scenario.Steps[0]));
    }

    [Theory]
    [InlineData("cpu1 zap-table a+0 between scans")]
    [InlineData("cpu1 gup-walk a+7 before clear-pmd")]
    [InlineData("cpu1 retract a+0 before lock pmd")]
    [InlineData("cpu1 load a+1 after unlock folio")]
    public void A_step_beside_a_collapse_is_written_as_it_is_said(string words)
    {
        var scenario = ScenarioReader.Read(
            $$"""
            arch: x86-64
            table: { slots: 8, cont: 4 }
            folios: { A: { order: 3, kind: shmem } }
            vmas: [{ name: a, pages: 8, flags: rw shared, file: shmem }]
            run: collapse-file a
            interference: [ '{{words}}' ]
            """,
            "step.yaml"
        );

        Assert.Equal(words, StepText.Of(scenario, scenario.Steps[0]));
    }

    [Fact]
    public void A_table_goes_only_beside_an_operation_that_looks_for_it() =>
        Assert.Throws<ScenarioException>(() =>
            ScenarioReader.Read(
                ScenarioTexts.With("interference: [ 'cpu1 zap-table src+0 at start' ]"),
                "step.yaml"
            )
        );

    [Fact]
    public void A_count_is_quoted_for_it_would_be_a_comment()
    {
        var scenario = ScenarioReader.Read(
            ScenarioTexts.With("interference: [ 'cpu1 load src+0 after flush #2' ]"),
            "step.yaml"
        );

        Assert.Contains(
            "\n  - 'cpu1 load src+0 after flush #2'\n",
            ScenarioWriter.Write(scenario),
            StringComparison.Ordinal
        );
        Assert.Equal(2, scenario.Steps[0].Occurrence);
    }

    [Fact]
    public void Every_verb_and_every_anchor_has_words_and_a_meaning()
    {
        Assert.Equal(Verbs.Length + 2, StepHelp.Verbs.Count);
        Assert.Equal(Events.Length, StepHelp.Events.Count + 2);
        Assert.All(StepHelp.Verbs, verb => Assert.NotEmpty(verb.Meaning));
        Assert.All(StepHelp.Events, known => Assert.NotEmpty(known.Meaning));
    }

    private static StepSpec Step(StepVerb verb, AnchorEvent anchor, ref SeededRandom random)
    {
        var atAnEnd = anchor is AnchorEvent.Start or AnchorEvent.End or AnchorEvent.BetweenScans;
        var step = new StepSpec
        {
            Actor = verb is StepVerb.DeviceLoad or StepVerb.DeviceStore
                ? InterferenceStep.Device
                : (byte)(1 + random.Below(3)),
            Verb = verb,
            Fresh = verb is StepVerb.Load or StepVerb.Store && random.Below(2) == 0,
            Page = (short)random.Below(8),
            Pages = 1,
            Side = atAnEnd ? AnchorSide.After : (AnchorSide)random.Below(2),
            Event = anchor,
            Occurrence = (byte)(atAnEnd ? 1 : 1 + random.Below(3)),
        };
        if (verb == StepVerb.Zap)
        {
            step.Pages = (short)(1 + random.Below(8 - step.Page));
        }

        if (step.HasAnchorPage)
        {
            (step.AnchorVma, step.AnchorPage) = ((byte)random.Below(2), (short)random.Below(8));
        }

        return step;
    }

    private static void AssertComesBack(StepSpec[] steps)
    {
        var scenario = ScenarioReader.Read(ScenarioTexts.With("cpus: 4"), "steps.yaml");
        steps.CopyTo(scenario.Steps, 0);
        scenario.StepCount = steps.Length;
        var text = ScenarioWriter.Write(scenario);

        var again = ScenarioReader.Read(text, "written.yaml");

        Assert.Equal(steps, again.UsedSteps.ToArray());
        Assert.True(again.SameAs(scenario), text);
        Assert.Equal(text, ScenarioWriter.Write(again));
    }
}
