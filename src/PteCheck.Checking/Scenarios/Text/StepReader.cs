using PteCheck.Kernel.Interference;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Scenarios.Text;

/// <summary>Reads <c>interference:</c>, a list of steps.</summary>
internal static class StepReader
{
    private const string Example = "a step such as 'cpu1 load a+1 after clear a+0'";

    /// <summary>Reads the steps into the scenario.</summary>
    public static void Read(ReadState state, YamlNode node)
    {
        var scenario = state.Scenario;
        foreach (var item in state.Scope.Items(node, "steps of interference"))
        {
            var text = state.Scope.Scalar(item, Example);
            if (scenario.StepCount == Scenario.MaxSteps)
            {
                throw state.Scope.Error(text, $"more than {Scenario.MaxSteps} steps");
            }

            scenario.Steps[scenario.StepCount++] = ReadOne(state, text);
            state.StepPlaces.Add(text);
        }
    }

    private static StepSpec ReadOne(ReadState state, YamlScalar text)
    {
        var cursor = new TextCursor(state.Scope, text);
        var actor = Actor(cursor, state.Scenario.Cpus);
        cursor.SkipSpaces();
        var start = cursor.Position;
        var name = cursor.Name();
        var verbs = actor == InterferenceStep.Device ? StepText.DeviceVerbs : StepText.CpuVerbs;
        var known = Array.FindIndex(verbs, verb => verb.Name == name);
        if (known < 0)
        {
            throw cursor.Error(
                start,
                FileScope.Unknown("step", name, [.. verbs.Select(verb => verb.Name)])
            );
        }

        var (vma, page, pages) = EntryReader.Place(state, cursor);
        if (pages > 1 && verbs[known].Verb != StepVerb.Zap)
        {
            throw cursor.Error(start, $"'{name}' concerns one page, such as a+1");
        }

        cursor.SkipSpaces();
        var access = verbs[known].Verb is StepVerb.Load or StepVerb.Store;
        var step = new StepSpec
        {
            Actor = actor,
            Verb = verbs[known].Verb,
            Vma = (byte)vma,
            Page = (short)page,
            Pages = (short)pages,
            Fresh = access && cursor.Take("fresh"),
            Occurrence = 1,
        };
        return Anchored(state, cursor, step);
    }

    private static byte Actor(TextCursor cursor, int cpus)
    {
        cursor.SkipSpaces();
        if (cursor.Take("device"))
        {
            return InterferenceStep.Device;
        }

        var start = cursor.Position;
        cursor.Expect("cpu");
        var cpu = cursor.Number("CPU", 0, Machine.MaxCpus - 1);
        return cpu > 0 && cpu < cpus
            ? (byte)cpu
            : throw cursor.Error(
                start,
                $"expected 'device' or cpu1 to cpu{cpus - 1}; cpu0 runs the operation"
            );
    }

    private static StepSpec Anchored(ReadState state, TextCursor cursor, StepSpec step)
    {
        cursor.SkipSpaces();
        var start = cursor.Position;
        var side = cursor.Word();
        if (side == "at")
        {
            return AtAnEnd(cursor, step);
        }

        if (side == "between")
        {
            return BetweenScans(cursor, step);
        }

        if (side is not ("after" or "before"))
        {
            throw cursor.Error(
                start,
                "expected 'after' or 'before' and an event, 'between scans', 'at start' or 'at end'"
            );
        }

        step.Side = side == "after" ? AnchorSide.After : AnchorSide.Before;
        cursor.SkipSpaces();
        step.Event = Event(cursor);
        if (step.HasAnchorPage)
        {
            var (vma, page, pages) = EntryReader.Place(state, cursor);
            if (pages != 1)
            {
                throw cursor.Error("expected one page, such as a+1");
            }

            step.AnchorVma = (byte)vma;
            step.AnchorPage = (short)page;
        }

        cursor.SkipSpaces();
        if (cursor.Take("#"))
        {
            step.Occurrence = (byte)cursor.Number("which one", 1, byte.MaxValue);
        }

        cursor.End("a count such as #2, or nothing");
        return step;
    }

    private static StepSpec BetweenScans(TextCursor cursor, StepSpec step)
    {
        cursor.SkipSpaces();
        cursor.Expect("scans");
        step.Event = AnchorEvent.BetweenScans;
        cursor.End("nothing more");
        return step;
    }

    private static StepSpec AtAnEnd(TextCursor cursor, StepSpec step)
    {
        cursor.SkipSpaces();
        var start = cursor.Position;
        step.Event = cursor.Word() switch
        {
            "start" => AnchorEvent.Start,
            "end" => AnchorEvent.End,
            _ => throw cursor.Error(start, "expected 'at start' or 'at end'"),
        };
        cursor.End("nothing more");
        return step;
    }

    private static AnchorEvent Event(TextCursor cursor)
    {
        var start = cursor.Position;
        foreach (var (name, anchor) in StepText.Events)
        {
            if (cursor.TakeWords(name))
            {
                return anchor;
            }
        }

        throw cursor.Error(
            start,
            FileScope.Unknown(
                "anchor",
                cursor.Name(),
                [.. StepText.Events.Select(known => known.Name)]
            )
        );
    }
}
