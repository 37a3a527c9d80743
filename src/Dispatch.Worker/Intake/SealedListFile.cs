using System.Buffers;
using System.Security.Cryptography;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Security;
using Microsoft.Win32.SafeHandles;

namespace Dispatch.Worker.Intake;

/// <summary>
/// A list on its way into the spool: the sealed text of its chunks, end to end. The file has a name of its own for
/// every submission (the job's content hash and 64 random bits), because every submission seals under a data key of its
/// own: two that carry the same bytes at the same moment never write to one file, and the one that comes second drops
/// its own. Held open, and with it locked, until the job's row is committed, so that <see cref="SpoolSweep"/> leaves it
/// alone.
/// </summary>
sealed class SealedListFile : IDisposable
{
    const int NoSpace = 28;
    const int QuotaExceeded = 122;
    const int AttemptsMax = 5;

    readonly string _folder;
    readonly JobKey _key;
    readonly SafeFileHandle _file;
    readonly List<JobChunk> _chunks = [];
    List<SealedChunk> _sealed = [];
    Task _writing = Task.CompletedTask;
    long _length;
    bool _isKept;

    SealedListFile(string folder, JobKey key)
    {
        (_folder, _key) = (folder, key);
        (_file, Path) = OpenNew(folder);
    }

    /// <summary>Full path; changes when the file gets its final name.</summary>
    public string Path { get; private set; }

    public IReadOnlyList<JobChunk> Chunks => _chunks;

    /// <exception cref="DispatchException"><c>spool.write</c>, <c>disk.full</c>, exit 75; <c>access.denied</c>, exit
    /// 78.
    /// </exception>
    public static SealedListFile Create(string folder, JobKey key)
    {
        try
        {
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new(folder, key);
        }
        catch (IOException fault)
        {
            throw WriteFault(fault);
        }
        catch (UnauthorizedAccessException)
        {
            throw new DispatchException(
                "access.denied", $"nothing can be written to the spool '{folder}', expected a folder of the user "
                + "running dispatch; correct its owner or mode", ExitCode.Configuration);
        }
    }

    /// <summary>Seals the text of the next chunk.</summary>
    public void Append(ReadOnlySpan<byte> text, int firstRow, int rows)
    {
        var bytes = text.Length + LetterSeal.TagBytes;
        var chunk = new JobChunk(_chunks.Count, firstRow, rows, _length, bytes);
        var sealedText = ArrayPool<byte>.Shared.Rent(bytes);
        _key.SealListChunk(chunk.ChunkNo, text, sealedText.AsSpan(0, bytes));
        _sealed.Add(new(sealedText, bytes, _length));
        _length += bytes;
        _chunks.Add(chunk);
    }

    /// <summary>Begins to write what was sealed, beside whatever is sealed next, once all before it is
    /// written.</summary>
    /// <exception cref="DispatchException"><c>spool.write</c>, <c>disk.full</c>, exit 75.</exception>
    public async Task WriteAsync()
    {
        if (_sealed.Count > 0)
        {
            await _writing;
            var chunks = _sealed;
            _sealed = [];
            _writing = Task.Run(() => Write(chunks));
        }
    }

    /// <summary>Makes the file durable and gives it its final name.</summary>
    /// <exception cref="DispatchException"><c>spool.write</c>, <c>disk.full</c>, exit 75.</exception>
    public async Task FinishAsync(byte[] contentSha256)
    {
        await WriteAsync();
        await _writing;
        try
        {
            RandomAccess.FlushToDisk(_file);
            var name = $"{Convert.ToHexStringLower(contentSha256)}-{RandomName()}.list";
            var path = System.IO.Path.Combine(_folder, name);
            File.Move(Path, path, overwrite: false);
            Path = path;
            FileCalls.FlushFolder(_folder);
        }
        catch (IOException fault)
        {
            throw WriteFault(fault);
        }
    }

    /// <summary>The job's row names the file now: it stays.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        if (!_isKept)
        {
            File.Delete(Path);
        }

        _file.Dispose();
    }

    void Write(List<SealedChunk> chunks)
    {
        foreach (var chunk in chunks)
        {
            try
            {
                RandomAccess.Write(_file, chunk.Text.AsSpan(0, chunk.Bytes), chunk.Offset);
            }
            catch (IOException fault)
            {
                throw WriteFault(fault);
            }

            FileCalls.BeginWriting(_file, chunk.Offset, chunk.Bytes);
            ArrayPool<byte>.Shared.Return(chunk.Text);
        }
    }

    static (SafeFileHandle File, string Path) OpenNew(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = System.IO.Path.Combine(folder, $"{RandomName()}.part");
            try
            {
                // A shared lock comes with it. A sweep may come between the file's birth and the lock: begin anew then.
                var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                if (File.Exists(path))
                {
                    return (file, path);
                }

                file.Dispose();
            }
            catch (IOException fault) when (attempt < AttemptsMax && fault.HResult is not (NoSpace or QuotaExceeded))
            {
                continue;
            }

            if (attempt == AttemptsMax)
            {
                throw new IOException("the new file was swept away again and again");
            }
        }
    }

    static string RandomName() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    static DispatchException WriteFault(IOException fault) => fault.HResult is NoSpace or QuotaExceeded
        ? new("disk.full", "the spool's disk is full, expected room for the list once more; free space and run it "
            + "again",
            ExitCode.TryAgain, fault)
        : new("spool.write", $"the spool could not be written (error {fault.HResult}), expected a working disk; look "
            + "at the system's log and run it again", ExitCode.TryAgain, fault);

    readonly record struct SealedChunk(byte[] Text, int Bytes, long Offset);
}
