using PteCheck.Model.Machines;

namespace PteCheck.Native;

/// <summary>What an image has room for: the initial state, and what is added while a subject runs.</summary>
/// <param name="Tables">Page tables.</param>
/// <param name="Folios">Folios.</param>
/// <param name="Frames">Frames.</param>
internal readonly record struct ImageRoom(int Tables, int Folios, int Frames)
{
    /// <summary>Room for a machine as it is.</summary>
    public static ImageRoom Of(Machine machine) =>
        new(machine.TableCount, machine.FolioCount, machine.FrameCount);

    /// <summary>Room for both.</summary>
    public ImageRoom With(ImageRoom other) =>
        new(
            Math.Max(Tables, other.Tables),
            Math.Max(Folios, other.Folios),
            Math.Max(Frames, other.Frames)
        );
}
