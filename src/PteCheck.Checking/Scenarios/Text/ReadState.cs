namespace PteCheck.Checking.Scenarios.Text;

/// <summary>What the readers of the parts share: the scenario so far, its names, and where each part was said.</summary>
internal sealed class ReadState(FileScope scope)
{
    /// <summary>The file.</summary>
    public FileScope Scope => scope;

    /// <summary>The scenario so far.</summary>
    public Scenario Scenario { get; } = NewScenario();

    /// <summary>Names of mms by index.</summary>
    public List<string> Mms { get; } = [EntryText.MmName(0)];

    /// <summary>Names of folios by index.</summary>
    public List<string> Folios { get; } = [];

    /// <summary>Names of VMAs by index.</summary>
    public List<string> Vmas { get; } = [];

    /// <summary>Where each folio was said.</summary>
    public List<YamlNode> FolioPlaces { get; } = [];

    /// <summary>Where each VMA was said.</summary>
    public List<YamlNode> VmaPlaces { get; } = [];

    /// <summary>Where each entry was said.</summary>
    public List<YamlNode> PtePlaces { get; } = [];

    /// <summary>Where each stale translation was said.</summary>
    public List<YamlNode> TlbPlaces { get; } = [];

    /// <summary>Where each operation of the run was said.</summary>
    public List<YamlNode> RunPlaces { get; } = [];

    /// <summary>Where each step of interference was said.</summary>
    public List<YamlNode> StepPlaces { get; } = [];

    /// <summary>Index of a name in a list, or an error that lists the names.</summary>
    public static int IndexOf(
        IReadOnlyList<string> names,
        string name,
        string what,
        TextCursor cursor,
        int position
    )
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        throw cursor.Error(position, FileScope.Unknown(what, name, names));
    }

    private static Scenario NewScenario()
    {
        var scenario = new Scenario();
        scenario.Clear();
        return scenario;
    }
}
