using PteCheck.Kernel.Primitives;
using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;

namespace PteCheck.Kernel.Interference;

/// <summary>The pins that GUP took in this run and those of the initial state, and what their users do.</summary>
internal sealed class Pins<TArch>(KernelContext<TArch> kernel)
    where TArch : struct, IArch
{
    private readonly List<Pin> pins = [];

    /// <summary>
    /// Begins with the pins of the initial state: a folio's pins are those of its mapped pages, in their
    /// order.
    /// </summary>
    public void Begin()
    {
        pins.Clear();
        for (var folio = 0; folio < kernel.Machine.FolioCount; folio++)
        {
            var left = kernel.Machine.Folios[folio].Pins;
            for (var vma = 0; vma < kernel.Machine.VmaCount && left > 0; vma++)
            {
                left = AddMapped(folio, vma, left);
            }
        }
    }

    /// <summary>Adds the pins to a hash.</summary>
    public void AddTo(ref StateHash hash)
    {
        hash.Add(pins.Count);
        foreach (var pin in pins)
        {
            hash.Add(((ulong)pin.Vpn << 32) | (uint)pin.Frame);
            hash.Add(pin.Mm);
            hash.Add(pin.Writable);
            hash.Add(pin.Written);
        }
    }

    /// <summary>A pin that GUP took, with FOLL_WRITE or without.</summary>
    public void Add(int mm, uint vpn, int frame, bool writable)
    {
        pins.Add(new(mm, vpn, frame) { Writable = writable });
        kernel.GupPin(mm, vpn, frame);
    }

    /// <summary>The device reads or writes the page; nothing happens where nobody holds a pin that permits it.</summary>
    public void Access(int mm, uint vpn, bool store, ulong token)
    {
        if (Find(mm, vpn) is { } pin && (pins[pin].Writable || !store))
        {
            kernel.DeviceAccess(mm, vpn, pins[pin].Frame, store, token);
            pins[pin] = pins[pin] with { Written = pins[pin].Written || store };
        }
    }

    /// <summary>folio_mark_dirty by the user of a pin.</summary>
    public void MarkDirty(int mm, uint vpn)
    {
        if (Find(mm, vpn) is { } pin)
        {
            kernel.FolioMarkDirty(kernel.Machine.FrameFolios[pins[pin].Frame]);
            pins[pin] = pins[pin] with { Written = false };
        }
    }

    /// <summary>
    /// unpin_user_page; or unpin_user_pages_dirty_lock where the device wrote since the folio was marked
    /// dirty: a user who forgot that would lose the write all by himself.
    /// </summary>
    public void Unpin(int mm, uint vpn)
    {
        if (Find(mm, vpn) is { } pin)
        {
            if (pins[pin].Written)
            {
                MarkDirty(mm, vpn);
            }

            kernel.GupUnpin(mm, vpn, pins[pin].Frame);
            kernel.GupPutFolio(kernel.Machine.FrameFolios[pins[pin].Frame]);
            pins.RemoveAt(pin);
        }
    }

    private int? Find(int mm, uint vpn)
    {
        for (var i = pins.Count - 1; i >= 0; i--)
        {
            if (pins[i].Mm == mm && pins[i].Vpn == vpn)
            {
                return i;
            }
        }

        return null;
    }

    private int AddMapped(int folio, int vma, int left)
    {
        ref readonly var owner = ref kernel.Machine.Vmas[vma];
        for (var vpn = owner.Start; vpn < owner.End && left > 0; vpn++)
        {
            var pte = kernel.Machine.Walk<TArch>(owner.Mm, vpn);
            if (!TArch.PtePresent(pte) || kernel.Machine.FolioOf(TArch.PtePfn(pte)) != folio)
            {
                continue;
            }

            var shared = kernel.Machine.Folios[folio].IsAnon || owner.Has(VmaFlags.Shared);
            pins.Add(
                new(owner.Mm, vpn, kernel.Machine.FrameOf(TArch.PtePfn(pte)))
                {
                    Writable = shared && owner.Has(VmaFlags.Write),
                }
            );
            left--;
        }

        return left;
    }

    private readonly record struct Pin(int Mm, uint Vpn, int Frame)
    {
        /// <summary>FOLL_WRITE: the device may write.</summary>
        public bool Writable { get; init; }

        /// <summary>The device wrote since the folio was marked dirty.</summary>
        public bool Written { get; init; }
    }
}
