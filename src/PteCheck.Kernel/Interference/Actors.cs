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
    private readonly CpuAccess<TArch> cpus = new(kernel, stale);
    private readonly GupFast<TArch>[] gups = NewGups(kernel);

    /// <summary>Forgets what the last run left.</summary>
    public void Begin()
    {
        pins.Begin();
        cpus.Begin();
        foreach (var gup in gups)
        {
            gup.Begin();
        }
    }

    /// <summary>Carries a step out, as the actor of a number that events name.</summary>
    public StepResult Perform(in InterferenceStep step, byte number)
    {
        kernel.Actor = number;
        var mm = kernel.Machine.Vmas[step.Vma].Mm;
        switch (step.Verb)
        {
            case StepVerb.Load or StepVerb.Store:
                return cpus.Access(step, mm);
            case StepVerb.GupRead:
                gups[step.Actor].Read(mm, step.Vpn);
                break;
            case StepVerb.GupGrab:
                gups[step.Actor].Grab();
                break;
            case StepVerb.GupRecheck:
                gups[step.Actor].Recheck(pins);
                break;
            case StepVerb.DeviceLoad or StepVerb.DeviceStore:
                pins.Access(mm, step.Vpn, step.Verb == StepVerb.DeviceStore, cpus.NextToken());
                break;
            case StepVerb.MarkDirty:
                pins.MarkDirty(mm, step.Vpn);
                break;
            case StepVerb.Unpin:
                pins.Unpin(mm, step.Vpn);
                break;
        }

        return StepResult.Done;
    }

    /// <summary>The operation is over: GUP-fast does not stop half way.</summary>
    public void End()
    {
        foreach (var gup in gups)
        {
            gup.Recheck(pins);
        }
    }

    private static GupFast<TArch>[] NewGups(KernelContext<TArch> kernel)
    {
        var all = new GupFast<TArch>[Machine.MaxCpus];
        for (var cpu = 0; cpu < all.Length; cpu++)
        {
            all[cpu] = new(kernel);
        }

        return all;
    }
}
