using PteCheck.Checking.Scenarios;
using PteCheck.Kernel.Operations;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Checking.Generation;

/// <summary>Draws a run of present entries of one folio, bit by bit, within the reachability rules.</summary>
internal static class FolioEntries
{
    /// <summary>Maps <paramref name="length"/> pages of a folio from page <paramref name="start"/> on at VMA page <paramref name="page"/>.</summary>
    public static void Add(
        Scenario scenario,
        ref SeededRandom random,
        int folio,
        int start,
        int page,
        int length
    )
    {
        var write = BitPattern.Choose(ref random, length);
        var exclusive = BitPattern.Choose(ref random, length);
        var dirty = BitPattern.Choose(ref random, length);
        var young = BitPattern.Choose(ref random, length);
        var softDirty = BitPattern.Choose(ref random, length);
        var uffd = BitPattern.Choose(ref random, length);
        var protnone = BitPattern.Choose(ref random, length);
        var anyProtnone = random.Chance(20);
        for (var i = 0; i < length; i++)
        {
            var wanted =
                (write.At(i) ? PteBits.Write : 0)
                | (dirty.At(i) ? PteBits.Dirty : 0)
                | (young.At(i) ? PteBits.Young : 0)
                | (softDirty.At(i) ? PteBits.SoftDirty : 0)
                | (uffd.At(i) ? PteBits.UffdWp : 0)
                | (anyProtnone && protnone.At(i) ? PteBits.Protnone : 0);
            var bits = Reachable(
                scenario,
                ref scenario.Folios[folio],
                start + i,
                wanted,
                exclusive.At(i)
            );
            scenario.Ptes[scenario.PteCount++] = new()
            {
                Page = (short)(page + i),
                Kind = EntryKind.Present,
                Bits = bits,
                Folio = (short)folio,
                FolioPage = (short)(start + i),
            };
        }
    }

    /// <summary>The wanted bits, less those that the rules exclude, plus those that they imply.</summary>
    private static PteBits Reachable(
        Scenario scenario,
        ref FolioSpec folio,
        int page,
        PteBits bits,
        bool exclusive
    )
    {
        var flags = scenario.Vmas[0].Flags;
        var rights = flags & (VmaFlags.Read | VmaFlags.Write | VmaFlags.Exec);
        bits |= rights == 0 ? PteBits.Protnone : 0;
        bits &= scenario.Architecture == Architecture.X86 ? ~PteBits.None : ~PteBits.SoftDirty;
        bits &= (flags & VmaFlags.UffdWp) != 0 ? ~PteBits.None : ~PteBits.UffdWp;
        var writable =
            (bits & (PteBits.UffdWp | PteBits.Protnone)) == 0
            && (flags & VmaFlags.Write) != 0
            && (folio.IsAnon || (flags & VmaFlags.Shared) != 0)
            && ((flags & VmaFlags.SoftDirtyTracked) == 0 || (bits & PteBits.SoftDirty) != 0);
        bits &= writable ? ~PteBits.None : ~PteBits.Write;
        return folio.IsAnon
            ? ReachableAnon(ref folio, page, bits, flags, exclusive)
            : ReachableFile(ref folio, bits, flags, AlwaysMarks(scenario.Operation()));
    }

    /// <summary>A move keeps dirty entries, and a collapse relies on the folio being dirty.</summary>
    private static bool AlwaysMarks(IOperation operation) =>
        operation.Moves || operation.CollapsesFile;

    private static PteBits ReachableAnon(
        ref FolioSpec folio,
        int page,
        PteBits bits,
        VmaFlags flags,
        bool exclusive
    )
    {
        var write = (bits & PteBits.Write) != 0;
        folio.Exclusive.Set(page, exclusive || write);
        return write && (flags & VmaFlags.ShadowStack) != 0 ? bits | PteBits.Dirty : bits;
    }

    private static PteBits ReachableFile(
        ref FolioSpec folio,
        PteBits bits,
        VmaFlags flags,
        bool alwaysMark
    )
    {
        if ((flags & VmaFlags.Shared) == 0)
        {
            return bits & ~PteBits.Dirty;
        }

        bits |= (bits & PteBits.Write) != 0 ? PteBits.Dirty : 0;
        var marks = alwaysMark || (flags & VmaFlags.File) != 0;
        folio.Dirty |= marks && (bits & PteBits.Dirty) != 0;
        return bits;
    }
}
