using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Model.Machines;
using PteCheck.Properties.Campaigns;

namespace PteCheck.Properties.Exhaustive;

/// <summary>Two machines that differ in anything that a run can change have different keys.</summary>
public sealed class MachineHashTests
{
    private const string Leaf = """
        arch: x86-64
        table: { slots: 8, cont: 4 }
        folios: { A: { order: 3, exclusive: all } }
        vmas:
          - { name: a, pages: 8, tables: leaf }
        ptes:
          a+0..7: A[0..7] WDY
        run: madvise-free a
        """;

    /// <summary>Changes, by what they change.</summary>
    public static readonly IReadOnlyDictionary<string, Action<Machine>> Changes = new Dictionary<
        string,
        Action<Machine>
    >(StringComparer.Ordinal)
    {
        ["PMD entry"] = machine => machine.Pmds[0].Value ^= 1,
        ["kind of PMD entry"] = machine => machine.Pmds[0].Kind = PmdKind.Invalid,
        ["deposit"] = machine => machine.Pmds[0].Deposited = 0,
        ["page tables counted"] = machine => machine.Mms[0].NrPtes++,
        ["mmap lock"] = machine => machine.Mms[0].MmapLock = LockMode.Read,
        ["VMA locks"] = machine => machine.Mms[0].VmaLocksOpen = true,
        ["PMD lock"] = machine => machine.Mms[0].PmdLockHeld = true,
        ["page-table lock"] = machine => machine.Tables[0].PtlHeld = true,
        ["table given back"] = machine => machine.Tables[0].Freed = true,
        ["place of a table"] = machine => machine.Tables[0].BaseVpn += 8,
        ["walkers"] = machine => machine.Tables[0].Walkers++,
        ["mappings by leaves"] = machine => machine.Folios[0].EntireMapcount = 0,
        ["entry"] = machine => machine.TableWords(0)[0] = 1,
        ["references"] = machine => machine.Folios[0].RefCount++,
    };

    /// <summary>The names of the changes.</summary>
    public static TheoryData<string> Names => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AChangeChangesTheKey(string change)
    {
        var machine = Initial();
        Assert.Equal(KeyOf(Initial()), KeyOf(machine));

        Changes[change](machine);

        Assert.NotEqual(KeyOf(Initial()), KeyOf(machine));
    }

    private static Machine Initial() =>
        Runner
            .Explain(
                ScenarioReader.Read(Leaf, "leaf.yaml"),
                CampaignLab.Named("madvise-free/per-pmd")
            )
            .Initial;

    private static StateKey KeyOf(Machine machine)
    {
        var hash = default(StateHash);
        machine.AddTo(ref hash);
        return hash.Key;
    }
}
