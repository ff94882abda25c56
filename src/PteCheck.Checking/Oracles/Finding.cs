namespace PteCheck.Checking.Oracles;

/// <summary>The role of the place where a rule is broken: part of a violation's signature.</summary>
public enum PlaceRole : byte
{
    /// <summary>A slot that the operation empties.</summary>
    Source,

    /// <summary>A slot that the operation fills.</summary>
    Destination,

    /// <summary>A slot that the operation should leave alone.</summary>
    Elsewhere,

    /// <summary>A folio or one of its pages.</summary>
    Folio,

    /// <summary>A counter of an mm.</summary>
    MmCounter,

    /// <summary>A swap slot.</summary>
    SwapSlot,

    /// <summary>A lock.</summary>
    Lock,

    /// <summary>The run as a whole.</summary>
    Run,

    /// <summary>A window of a table that is tried or should be.</summary>
    Window,
}

/// <summary>One broken rule at one place, in numbers; words are made from it only when it is reported.</summary>
public record struct Finding
{
    /// <summary>The rule.</summary>
    public Rule Rule;

    /// <summary>The role of the place.</summary>
    public PlaceRole Role;

    /// <summary>The mm, or -1.</summary>
    public int Mm;

    /// <summary>Page number of the place, when it is a slot; else an index of folio, frame, mm, swap slot or table.</summary>
    public uint Place;

    /// <summary>What the reference has: a word or a number.</summary>
    public ulong Reference;

    /// <summary>What the candidate has.</summary>
    public ulong Candidate;

    /// <summary>Event of the candidate's trace at which it was found; -1 for the end.</summary>
    public int Step;

    /// <summary>Which field, primitive or lock; empty where the place says it all.</summary>
    public string Detail;
}

/// <summary>The findings of one judged case; reused.</summary>
public sealed class FindingList
{
    private const int Capacity = 64;
    private readonly Finding[] findings = new Finding[Capacity];

    /// <summary>How many are kept.</summary>
    public int Count { get; private set; }

    /// <summary>The findings in the order in which oracles made them.</summary>
    public ReadOnlySpan<Finding> All => findings.AsSpan(0, Count);

    /// <summary>A rule whose findings are passed over; null for none.</summary>
    public Rule? Off { get; set; }

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    /// <summary>Keeps a finding; past the capacity only the first are kept, and one of each rule that comes later.</summary>
    public void Add(in Finding finding)
    {
        if (finding.Rule == Off)
        {
            return;
        }

        if (Count < Capacity)
        {
            findings[Count++] = finding;
        }
        else if (!Has(finding.Rule, Count))
        {
            var repeated = Count - 1;
            while (!Has(findings[repeated].Rule, repeated))
            {
                repeated--;
            }

            findings[repeated] = finding;
        }
    }

    /// <summary>Gives all findings to another list.</summary>
    public void MoveTo(FindingList other)
    {
        foreach (ref readonly var finding in All)
        {
            other.Add(finding);
        }

        Clear();
    }

    /// <summary>Whether one of the first findings is of a rule.</summary>
    private bool Has(Rule rule, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (findings[i].Rule == rule)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The finding whose rule comes first by oracle, then id, then place; null when there is none.</summary>
    public Finding? Primary
    {
        get
        {
            Finding? first = null;
            foreach (var finding in All)
            {
                if (first is not { } best || Compare(finding, best) < 0)
                {
                    first = finding;
                }
            }

            return first;
        }
    }

    private static int Compare(in Finding left, in Finding right)
    {
        var order = left.Rule.Oracle.CompareTo(right.Rule.Oracle);
        return order != 0 ? order : string.CompareOrdinal(left.Rule.Id, right.Rule.Id);
    }
}
