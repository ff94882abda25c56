using PteCheck.Model.Architectures;
using PteCheck.Model.Machines;
using PteCheck.Model.Traces;

namespace PteCheck.Model.Tlbs;

/// <summary>What the secondary MMU may fill while notifiers keep it off.</summary>
public sealed partial class StaleSet<TArch>
    where TArch : struct, IArch
{
    private readonly List<NotifiedRange> notified = [];

    /// <summary>Slots whose CONT word came between a notifier's start and its end: the secondary MMU has not read it, for no page of the block.</summary>
    private readonly bool[] unread = new bool[Machine.MaxTables * Machine.TableStride];
    private int unreadCount;

    /// <summary>A walk of the secondary MMU reads the descriptor of its own page alone, and none in a notified range.</summary>
    private void NoteUnread(in TraceEvent e)
    {
        if (!TArch.HasContpte || (notified.Count == 0 && unreadCount == 0))
        {
            return;
        }

        ref readonly var table = ref machine.Tables[e.Table];
        ref var slot = ref unread[Machine.PteIndex(e.Table, e.Slot)];
        unreadCount -= slot ? 1 : 0;
        slot = TArch.PteCont(new(e.B)) && IsNotified(table.Mm, table.BaseVpn + (uint)e.Slot);
        unreadCount += slot ? 1 : 0;
    }

    /// <summary>Whether the secondary MMU may have read a slot.</summary>
    private bool IsRead(int table, int slot) => !unread[Machine.PteIndex(table, slot)];

    /// <summary>A notifier has ended: what no other one covers may be read.</summary>
    private void ReadAgain()
    {
        for (var index = 0; unreadCount > 0 && index < unread.Length; index++)
        {
            ref readonly var table = ref machine.Tables[index / Machine.TableStride];
            var vpn = table.BaseVpn + (uint)(index % Machine.TableStride);
            if (unread[index] && !IsNotified(table.Mm, vpn))
            {
                unread[index] = false;
                unreadCount--;
            }
        }
    }

    private bool IsNotified(byte mm, uint vpn)
    {
        foreach (var range in notified)
        {
            if (range.Mm == mm && vpn - range.Start < range.Pages)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends the range of the start with the same pages, or else the latest of the mm.</summary>
    private void EndNotifier(NotifiedRange ended)
    {
        var index = notified.LastIndexOf(ended);
        for (var i = notified.Count - 1; i >= 0 && index < 0; i--)
        {
            index = notified[i].Mm == ended.Mm ? i : -1;
        }

        if (index >= 0)
        {
            notified.RemoveAt(index);
        }
    }

    /// <summary>Pages between a notifier's start and its end, which the secondary MMU may not fill.</summary>
    private readonly record struct NotifiedRange(int Mm, uint Start, uint Pages);
}
