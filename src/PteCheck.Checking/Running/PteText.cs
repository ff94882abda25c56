using System.Globalization;
using System.Text;
using PteCheck.Checking.Scenarios;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Running;

/// <summary>From words of an architecture back to the entries of scenario files, for reports.</summary>
public static class PteText
{
    /// <summary>The entry that a word is, for instance <c>A[1] WD</c>, <c>swap 7 SX</c> or <c>none</c>.</summary>
    /// <param name="machine">The machine that the word stands in.</param>
    /// <param name="word">The word.</param>
    /// <param name="scenario">Names of folios.</param>
    public static string Describe(Machine machine, ulong word, Scenario scenario) =>
        machine.Architecture == Architecture.X86
            ? Describe<X86_64>(machine, new(word), scenario)
            : Describe<Arm64>(machine, new(word), scenario);

    /// <summary>What a walk finds at a page: the entry of the table, or the page of a leaf.</summary>
    public static string At(Machine machine, int mm, uint vpn, Scenario scenario)
    {
        var pte =
            machine.Architecture == Architecture.X86
                ? machine.Walk<X86_64>(mm, vpn)
                : machine.Walk<Arm64>(mm, vpn);
        return Describe(machine, pte.Word, scenario);
    }

    private static string Describe<TArch>(Machine machine, Pte pte, Scenario scenario)
        where TArch : struct, IArch
    {
        if (TArch.PteNone(pte))
        {
            return "none";
        }

        return TArch.PtePresent(pte)
            ? Present<TArch>(machine, pte, scenario)
            : NonPresent<TArch>(machine, pte, scenario);
    }

    private static string Present<TArch>(Machine machine, Pte pte, Scenario scenario)
        where TArch : struct, IArch
    {
        var letters = new StringBuilder();
        Add(TArch.PteWrite(pte, machine.Context), 'W');
        Add(TArch.PteDirty(pte), 'D');
        Add(TArch.PteYoung(pte), 'Y');
        Add(TArch.PteSoftDirty(pte), 'S');
        Add(TArch.PteUffdWp(pte), 'U');
        Add(TArch.PteProtnone(pte), 'N');
        var page = TArch.PteSpecial(pte) ? "zero" : PageName(machine, TArch.PtePfn(pte), scenario);
        return letters.Length == 0 ? page : $"{page} {letters}";

        void Add(bool set, char letter)
        {
            if (set)
            {
                letters.Append(letter);
            }
        }
    }

    private static string NonPresent<TArch>(Machine machine, Pte pte, Scenario scenario)
        where TArch : struct, IArch
    {
        var offset = TArch.SwpOffset(pte);
        var type = TArch.SwpType(pte);
        var text = type switch
        {
            SwapType.FirstDevice => string.Create(CultureInfo.InvariantCulture, $"swap {offset}"),
            <= SwapType.LastDevice => string.Create(
                CultureInfo.InvariantCulture,
                $"swap {(int)type}:{offset}"
            ),
            SwapType.HwPoison => "hwpoison " + PageName(machine, offset, scenario),
            SwapType.DeviceExclusive => "device-exclusive " + PageName(machine, offset, scenario),
            SwapType.Marker => "marker " + MarkerName((PteMarkers)offset),
            _ => "migration " + PageName(machine, offset, scenario),
        };
        var letters =
            (type == SwapType.MigrationWrite ? "W" : "")
            + (TArch.PteSwpSoftDirty(pte) ? "S" : "")
            + (TArch.PteSwpUffdWp(pte) ? "U" : "")
            + (TArch.PteSwpExclusive(pte) || type == SwapType.MigrationReadExclusive ? "X" : "");
        return letters.Length == 0 ? text : $"{text} {letters}";
    }

    private static string MarkerName(PteMarkers markers) =>
        markers switch
        {
            PteMarkers.UffdWp => "uffd-wp",
            PteMarkers.Poisoned => "poison",
            PteMarkers.Guard => "guard",
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)markers}"),
        };

    private static string PageName(Machine machine, ulong pfn, Scenario scenario)
    {
        var folio = machine.FolioOf(pfn);
        if (folio < 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"pfn 0x{pfn:x}");
        }

        var page = pfn - machine.PfnBase - (ulong)machine.Folios[folio].FirstFrame;
        return string.Create(CultureInfo.InvariantCulture, $"{scenario.FolioName(folio)}[{page}]");
    }
}
