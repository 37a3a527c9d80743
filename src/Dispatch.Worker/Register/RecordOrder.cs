using System.Runtime.InteropServices;
using Dispatch.Routing;

namespace Dispatch.Worker.Register;

/// <summary>
/// What one checking pass over a keyed file leaves behind: the keys in order, and where their records lie. The records
/// are read a second time when they are written: so the transaction begins with a proven file, all keys are known when
/// ids are given out, and no more than about 14 bytes a record are held.
/// </summary>
sealed class RecordOrder
{
    const int ProgressRows = 1 << 16;

    readonly RegisterFile? _file;
    readonly long[] _offsets;
    readonly ushort[] _lengths;
    readonly DateTime _writtenAt;

    RecordOrder(RegisterFile? file, uint[] keys, long[] offsets, ushort[] lengths, DateTime writtenAt)
    {
        _file = file;
        Keys = keys;
        _offsets = offsets;
        _lengths = lengths;
        _writtenAt = writtenAt;
    }

    /// <summary>Ascending, each once.</summary>
    public uint[] Keys { get; }

    /// <summary>Checks the whole file.</summary>
    /// <param name="rowsRead">Told how many rows were read since the last time.</param>
    /// <exception cref="DispatchException">The first fault of the file, <c>register.*</c>.</exception>
    public static RecordOrder Read(string folder, KeyedTable table, Action<int> rowsRead, CancellationToken ct)
    {
        using var file = RegisterFile.Open(folder, table.FileName, table.Columns);
        if (file is null)
        {
            return new(null, [], [], [], default);
        }

        var writtenAt = File.GetLastWriteTimeUtc(file.Path);
        var keyed = new List<ulong>();
        var offsets = new List<long>();
        var lengths = new List<ushort>();
        var isAscending = true;
        try
        {
            while (file.Read())
            {
                var key = (ulong)table.Check(file) << 32 | (uint)keyed.Count;
                isAscending &= keyed.Count == 0 || key >> 32 > keyed[^1] >> 32;
                keyed.Add(key);
                offsets.Add(file.Offset);
                lengths.Add((ushort)file.Length);
                if (keyed.Count % ProgressRows == 0)
                {
                    ct.ThrowIfCancellationRequested();
                    rowsRead(ProgressRows);
                }
            }
        }
        catch (DispatchException first)
        {
            throw FurtherFaults.After(first, file, () => table.Check(file), ct);
        }

        rowsRead(keyed.Count % ProgressRows);
        if (isAscending)
        {
            // One run from the first record on: nothing to look up.
            return new(file, Keyed(keyed), offsets.Count == 0 ? [] : [offsets[0]], [], writtenAt);
        }

        keyed.Sort();
        DemandEachOnce(folder, table, keyed);
        return new(file, Keyed(keyed), InOrder(keyed, offsets), InOrder(keyed, lengths), writtenAt);
    }

    /// <summary>The records in the order of their keys.</summary>
    /// <exception cref="DispatchException"><c>register.changed</c></exception>
    public RegisterFile OpenInOrder()
    {
        DemandUnchanged();
        var stream = new FileStream(_file!.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        stream.Position = _offsets[0];
        return _file.Reread(_lengths.Length == 0 ? stream : new OrderedRecords(stream, _offsets, _lengths));
    }

    /// <exception cref="DispatchException"><c>register.changed</c></exception>
    public void DemandUnchanged()
    {
        if (_file is not null && File.GetLastWriteTimeUtc(_file.Path) != _writtenAt)
        {
            throw ChangedFault();
        }
    }

    public DispatchException ChangedFault() => ChangedFault(_file?.Path);

    public static DispatchException ChangedFault(string? path) =>
        new("register.changed",
            $"'{path}' was written to while it was imported; expected a file that is complete; "
            + "import the folder again",
            ExitCode.TryAgain);

    static uint[] Keyed(List<ulong> keyed)
    {
        var keys = GC.AllocateUninitializedArray<uint>(keyed.Count);
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (uint)(keyed[i] >> 32);
        }

        return keys;
    }

    static T[] InOrder<T>(List<ulong> keyed, List<T> byRow)
    {
        var ordered = GC.AllocateUninitializedArray<T>(keyed.Count);
        for (var i = 0; i < ordered.Length; i++)
        {
            ordered[i] = byRow[(int)(uint)keyed[i]];
        }

        return ordered;
    }

    static void DemandEachOnce(string folder, KeyedTable table, List<ulong> keyed)
    {
        var (earlier, later) = (0, int.MaxValue);
        var rows = CollectionsMarshal.AsSpan(keyed);
        for (var i = 1; i < rows.Length; i++)
        {
            if (rows[i] >> 32 == rows[i - 1] >> 32 && (int)(uint)rows[i] < later)
            {
                (earlier, later) = ((int)(uint)rows[i - 1], (int)(uint)rows[i]);
            }
        }

        if (later != int.MaxValue)
        {
            throw RepeatedKey(folder, table, earlier, later);
        }
    }

    // Lines are not kept for the case that nearly never comes: the file is read once more to find these two.
    static DispatchException RepeatedKey(string folder, KeyedTable table, int earlierRow, int laterRow)
    {
        using var file = RegisterFile.Open(folder, table.FileName, table.Columns)!;
        var earlierLine = 0L;
        for (var row = 0; row <= laterRow && file.Read(); row++)
        {
            earlierLine = row == earlierRow ? file.Line : earlierLine;
        }

        return RegisterFile.DuplicateFault(file.Path, file.Line, earlierLine, table.KeyColumn);
    }
}
