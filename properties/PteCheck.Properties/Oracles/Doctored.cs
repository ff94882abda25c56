using PteCheck.Checking.Oracles;
using PteCheck.Checking.Running;
using PteCheck.Checking.Scenarios.Text;
using PteCheck.Kernel.Mremap;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Properties.Quality;

namespace PteCheck.Properties.Oracles;

/// <summary>A case that correct code has run, whose final machine of the candidate is then changed by hand.</summary>
/// <typeparam name="TArch">The architecture of the scenario.</typeparam>
internal sealed class Doctored<TArch>
    where TArch : struct, IArch
{
    private readonly CaseWorker<TArch> worker;

    /// <summary>Runs the text of a scenario.</summary>
    public Doctored(string yaml)
    {
        var candidate = Lab.Implementation("batched-any-arch");
        worker = new(MremapOperation.Instance, candidate, candidate.Kernel);
        worker.Evaluate(ScenarioReader.Read(yaml, "doctored.yaml"));
        Assert.Empty(Lab.RuleIds(worker.Candidate));
        Assert.Empty(Lab.RuleIds(worker.Reference));
    }

    /// <summary>The case.</summary>
    public CaseRun<TArch> Run => worker.Run;

    /// <summary>The candidate's final machine.</summary>
    public Machine Final => Run.CandidateSide.Machine;

    /// <summary>The entry that ended at a page of the destination.</summary>
    public ref ulong Moved(uint page) => ref Word(Final, Run.Call.NewVpn + page);

    /// <summary>The slot that a page of the range left.</summary>
    public ref ulong Left(uint page) => ref Word(Final, Run.Call.Vpn + page);

    /// <summary>Ids of the state rules broken now.</summary>
    public IReadOnlyList<string> StateRules()
    {
        var findings = new FindingList();
        new StateOracle<TArch>(Run).Judge(findings);
        return Lab.RuleIds(findings);
    }

    /// <summary>Ids of the invariants broken now.</summary>
    public IReadOnlyList<string> InvariantRules()
    {
        var findings = new FindingList();
        new InvariantOracle<TArch>().Judge(Final, findings);
        return Lab.RuleIds(findings);
    }

    private static ref ulong Word(Machine machine, uint vpn)
    {
        var table = machine.FindTable(0, vpn);
        return ref machine.Ptes[Machine.PteIndex(table, (int)vpn & (machine.Slots - 1))];
    }
}
