using System.Runtime.InteropServices;

namespace Dispatch.Routing.Register;

/// <summary>Takes the next bytes of an image.</summary>
public delegate void ByteSink(ReadOnlySpan<byte> bytes);

/// <summary>Fills the whole span with the next bytes of an image, or throws.</summary>
public delegate void ByteSource(Span<byte> bytes);

/// <summary>
/// A snapshot as a row of bytes, so that a nation need not be read row by row at every start: its columns one after the
/// other as they lie in memory, little-endian, the names last. The registrations are not in it: they differ from sender
/// to sender. It holds CPR numbers: whoever keeps it seals it.
/// </summary>
public static class RegisterImage
{
    /// <summary>Part of what an image is known by; changed with its layout.</summary>
    public const int Format = 2;

    public static void Write(RegisterSnapshot snapshot, ByteSink write) => snapshot.Write(write);

    /// <param name="version">The register version the image was made of.</param>
    /// <param name="registeredCprs">Numbers of people who want the private sender's post digitally.</param>
    public static RegisterSnapshot Read(ByteSource read, long version, IReadOnlyCollection<uint> registeredCprs)
    {
        Span<int> counts = stackalloc int[3];
        read(MemoryMarshal.AsBytes(counts));
        var (people, companies, replaced) = (counts[0], counts[1], counts[2]);
        var groupStarts = Column<int>(read, RegisterSnapshot.GroupCount + 1);
        var serials = Column<ushort>(read, people);
        var cvrs = Column<uint>(read, companies);
        var entries = Column<RegisterEntry>(read, people + companies);
        var currentCprs = new Dictionary<int, uint>(replaced);
        Span<uint> pair = stackalloc uint[2];
        for (var i = 0; i < replaced; i++)
        {
            read(MemoryMarshal.AsBytes(pair));
            currentCprs.Add((int)pair[0], pair[1]);
        }

        var registered = RegisterSnapshot.NobodyRegistered(people + companies);
        var snapshot = new RegisterSnapshot(
            version, groupStarts, serials, cvrs, entries, registered, currentCprs, NamePool.Read(read));
        RegisterSnapshotBuilder.Register(snapshot, registered, registeredCprs);
        return snapshot;
    }

    static T[] Column<T>(ByteSource read, int count)
        where T : unmanaged
    {
        var column = GC.AllocateUninitializedArray<T>(count);
        read(MemoryMarshal.AsBytes(column.AsSpan()));
        return column;
    }
}
