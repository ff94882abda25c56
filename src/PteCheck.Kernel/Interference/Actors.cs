using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Tlbs;

namespace PteCheck.Kernel.Interference;

/// <summary>Everybody who may act beside the operation, each with what it has begun and not ended.</summary>
internal sealed class Actors<TArch>(KernelContext<TArch> kernel, StaleSet<TArch> stale)
    where TArch : struct, IArch
{
    private readonly Pins<TArch> pins = new(kernel);
    private readonly CpuAccess<TArch> accesses = new(kernel, stale);
    private readonly MmuGather truncation = new();
    private readonly Cpu[] cpus =
    [
        .. Enumerable.Range(0, Machine.MaxCpus).Select(_ => new Cpu(kernel)),
    ];

    /// <summary>Where nobody finds a VMA: yet, or any more.</summary>
    public UnmappedRange Absent { get; set; }

    /// <summary>Forgets what the last run left.</summary>
    public void Begin()
    {
        pins.Begin();
        accesses.Begin();
        foreach (var cpu in cpus)
        {
            cpu.Begin();
        }
    }

    /// <summary>The folio behind a page as the run begins, which writeback, truncation and reclaim go for.</summary>
    public StepFolio FolioOf(in InterferenceStep step)
    {
        var pte = kernel.Machine.Walk<TArch>(kernel.Machine.Vmas[step.Vma].Mm, step.Vpn);
        var folio =
            TArch.PtePresent(pte) && !TArch.PteSpecial(pte)
                ? kernel.Machine.FolioOf(TArch.PtePfn(pte))
                : -1;
        var locked = folio >= 0 && (kernel.Machine.Folios[folio].Flags & FolioFlags.Locked) != 0;
        return new(folio, MappedVmas.Tables(kernel, folio), locked);
    }

    /// <summary>Carries a step out.</summary>
    /// <param name="step">The step.</param>
    /// <param name="folio">Its folio, as <see cref="FolioOf"/> said at the beginning.</param>
    /// <param name="number">The actor that events name.</param>
    public StepResult Perform(in InterferenceStep step, in StepFolio folio, byte number)
    {
        kernel.Actor = number;
        var mm = kernel.Machine.Vmas[step.Vma].Mm;
        if (step.Actor == InterferenceStep.Device)
        {
            var store = step.Verb == StepVerb.DeviceStore;
            pins.Access(mm, step.Vpn, store, accesses.NextToken());
            return StepResult.Done;
        }

        var cpu = cpus[step.Actor];
        cpu.LastStep = number;
        switch (step.Verb)
        {
            case StepVerb.Load or StepVerb.Store:
                return accesses.Access(step, mm, faults: !Absent.Has(mm, step.Vpn));
            case StepVerb.UffdZeropage
            or StepVerb.UffdCopy
            or StepVerb.Zap
            or StepVerb.ZapTable when Absent.Has(mm, step.Vpn, step.Pages):
                return StepResult.Done;
            case StepVerb.Zap:
                return cpu.Zap.Clear(step);
            case StepVerb.Retract:
                return Retracter.Run(kernel, step);
            case StepVerb.ZapTable:
                return cpu.Zap.ClearTable(step);
            case StepVerb.Truncate:
                return Truncater.Run(kernel, truncation, folio);
            case StepVerb.Mkclean:
                return cpu.WriteBack.Mkclean(folio);
            case StepVerb.Reclaim:
                return cpu.Reclaim.Unmap(folio);
            case StepVerb.Migrate:
                return cpu.Migration.Unmap(folio);
            case StepVerb.MigrateFinish:
                return cpu.Migration.Finish();
            case StepVerb.UffdZeropage or StepVerb.UffdCopy:
                return UffdFill.Run(kernel, step, accesses.NextToken());
            default:
                PerformWithoutLock(step, mm, cpu);
                return StepResult.Done;
        }
    }

    /// <summary>The operation waits for mmap_lock: who holds it for reading goes on until he drops it.</summary>
    public void DropMmapLock(int mm)
    {
        foreach (var cpu in cpus)
        {
            if (cpu.Zap.HoldsMmapLock(mm))
            {
                kernel.Actor = cpu.LastStep;
                cpu.Zap.Finish();
            }
        }
    }

    /// <summary>Adds what each has under way, and the pins, to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        pins.AddTo(ref hash);
        for (var cpu = 1; cpu < kernel.Machine.Cpus; cpu++)
        {
            cpus[cpu].AddTo(ref hash);
        }
    }

    /// <summary>The operation sends an IPI to every CPU: walkers with interrupts off come to their end first.</summary>
    public void DrainWalkers()
    {
        foreach (var cpu in cpus)
        {
            kernel.Actor = cpu.LastStep;
            cpu.Gup.Drain(pins);
        }
    }

    /// <summary>The operation is over: nobody stops half way.</summary>
    public void End()
    {
        foreach (var cpu in cpus)
        {
            kernel.Actor = cpu.LastStep;
            cpu.Gup.Recheck(pins);
            cpu.Zap.Finish();
            cpu.WriteBack.WriteOut();
            cpu.Reclaim.Finish();
            cpu.Migration.Finish();
        }
    }

    private void PerformWithoutLock(in InterferenceStep step, int mm, Cpu cpu)
    {
        switch (step.Verb)
        {
            case StepVerb.GupWalk:
                cpu.Gup.Walk(mm, step.Vpn);
                break;
            case StepVerb.GupRead:
                cpu.Gup.Read(mm, step.Vpn);
                break;
            case StepVerb.GupGrab:
                cpu.Gup.Grab();
                break;
            case StepVerb.GupRecheck:
                cpu.Gup.Recheck(pins);
                break;
            case StepVerb.MarkDirty:
                pins.MarkDirty(mm, step.Vpn);
                break;
            case StepVerb.Unpin:
                pins.Unpin(mm, step.Vpn);
                break;
            case StepVerb.ZapFinish:
                cpu.Zap.Finish();
                break;
            case StepVerb.WriteOut:
                cpu.WriteBack.WriteOut();
                break;
            case StepVerb.ReclaimFinish:
                cpu.Reclaim.Finish();
                break;
            case StepVerb.MigrateCopy:
                cpu.Migration.Copy();
                break;
        }
    }

    /// <summary>What one CPU has under way.</summary>
    private sealed class Cpu(KernelContext<TArch> kernel)
    {
        /// <summary>The step that it tried last, whose number what it brings to an end carries.</summary>
        public byte LastStep { get; set; }

        public GupFast<TArch> Gup { get; } = new(kernel);

        public Zapper<TArch> Zap { get; } = new(kernel);

        public WriteBacker<TArch> WriteBack { get; } = new(kernel);

        public Reclaimer<TArch> Reclaim { get; } = new(kernel);

        public Migrater<TArch> Migration { get; } = new(kernel);

        public void Begin()
        {
            Gup.Begin();
            Zap.Begin();
            WriteBack.Begin();
            Reclaim.Begin();
            Migration.Begin();
        }

        public void AddTo(ref StateHash hash)
        {
            Gup.AddTo(ref hash);
            Zap.AddTo(ref hash);
            WriteBack.AddTo(ref hash);
            Reclaim.AddTo(ref hash);
            Migration.AddTo(ref hash);
        }
    }
}
