using System.Globalization;

namespace PteCheck.Checking.Scenarios;

/// <summary>Names of folios, VMAs and pages: those of the file, or the ones that follow from the index.</summary>
public static class ScenarioNames
{
    /// <summary>The folio's name: A to Z, then A1, B1 and so on.</summary>
    public static string FolioName(this Scenario scenario, int folio)
    {
        if (scenario.Notes is { } notes && folio < notes.FolioNames.Count)
        {
            return notes.FolioNames[folio];
        }

        var letter = (char)('A' + (folio % 26));
        return folio < 26
            ? letter.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{letter}{folio / 26}");
    }

    /// <summary>The VMA's name: src, dst, then v2, v3 and so on; a to l where nothing moves.</summary>
    public static string VmaName(this Scenario scenario, int vma)
    {
        if (scenario.Notes is { } notes && vma < notes.VmaNames.Count)
        {
            return notes.VmaNames[vma];
        }

        var mover = FirstMover(scenario);
        if (mover < 0)
        {
            return ((char)('a' + vma)).ToString();
        }

        ref readonly var move = ref scenario.Runs[mover];
        return vma == move.Vma ? "src"
            : vma == move.NewVma ? "dst"
            : string.Create(CultureInfo.InvariantCulture, $"v{vma}");
    }

    private static int FirstMover(Scenario scenario)
    {
        for (var i = 0; i < scenario.RunCount; i++)
        {
            if (scenario.Runs[i].Of().Moves)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary><c>src+3</c>.</summary>
    public static string PageName(this Scenario scenario, int vma, int page) =>
        string.Create(CultureInfo.InvariantCulture, $"{scenario.VmaName(vma)}+{page}");
}
