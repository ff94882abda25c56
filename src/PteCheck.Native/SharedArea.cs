using System.IO.MemoryMappedFiles;
using PteCheck.Native.Abi;

namespace PteCheck.Native;

/// <summary>The memory that the checker and one child share: a file without a name once the child has opened it.</summary>
internal sealed unsafe class SharedArea : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;

    /// <summary>Creates the memory.</summary>
    public SharedArea()
    {
        var folder = Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath();
        Path = System.IO.Path.Combine(folder, $"ptecheck-{Guid.NewGuid():n}");
        file = MemoryMappedFile.CreateFromFile(
            Path,
            FileMode.CreateNew,
            mapName: null,
            AreaLayout.Size
        );
        view = file.CreateViewAccessor();
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    /// <summary>The file's name, until <see cref="Unlink"/>.</summary>
    public string Path { get; }

    /// <summary>The first page.</summary>
    public ref SubjectControl Control => ref *(SubjectControl*)start;

    /// <summary>The cases of the hand-over.</summary>
    public Span<SubjectCase> Cases => new(start + AreaLayout.CaseTable, AreaLayout.Cases);

    /// <summary>The records.</summary>
    public Span<SubjectRecord> Log => new(start + AreaLayout.Log, AreaLayout.Records);

    /// <summary>Images and patches.</summary>
    public Span<byte> Data => new(start + AreaLayout.Data, AreaLayout.DataSize);

    /// <summary>The message of a failed load, or of a sanitizer.</summary>
    public string Message => TextAt(AreaLayout.Message, AreaLayout.MessageSize);

    /// <summary>The name of a source file.</summary>
    public string FileName(int index) =>
        TextAt(AreaLayout.FileNames + (index * AreaLayout.FileName), AreaLayout.FileName);

    /// <summary>Takes the name away; the memory stays as long as somebody uses it.</summary>
    public void Unlink() => File.Delete(Path);

    /// <inheritdoc/>
    public void Dispose()
    {
        Unlink();
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }

    private string TextAt(int offset, int size)
    {
        var bytes = new ReadOnlySpan<byte>(start + offset, size);
        var end = bytes.IndexOf((byte)0);
        return System.Text.Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
