using PteCheck.Model.Architectures;

namespace PteCheck.Checking.Campaigns;

/// <summary>Kinds of entries, as cells name them.</summary>
internal static class EntryKinds
{
    /// <summary>All of them.</summary>
    public static readonly string[] Names =
    [
        "none",
        "present",
        "protnone",
        "zero",
        "swap",
        "migration",
        "device-exclusive",
        "hwpoison",
        "marker",
    ];

    /// <summary>The kind of an entry.</summary>
    public static string Of<TArch>(Pte pte)
        where TArch : struct, IArch
    {
        if (TArch.PteNone(pte))
        {
            return "none";
        }

        if (TArch.PtePresent(pte))
        {
            return TArch.PteProtnone(pte) ? "protnone"
                : TArch.PteSpecial(pte) ? "zero"
                : "present";
        }

        return TArch.SwpType(pte) switch
        {
            <= SwapType.LastDevice => "swap",
            SwapType.HwPoison => "hwpoison",
            SwapType.DeviceExclusive => "device-exclusive",
            SwapType.Marker => "marker",
            _ => "migration",
        };
    }
}
