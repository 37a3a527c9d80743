using System.Security.Cryptography;
using Dispatch.PrintExport.Manifest;

namespace Dispatch.PrintExport.Handoff;

/// <summary>
/// A file in the making: written front to back under <c>NAME.part</c>, hashed on the way, synced, and only then given
/// its name. A file that is not published is removed; it is never synced twice, for a failed sync says nothing about
/// the next.
/// </summary>
public sealed class StagedFileStream : Stream
{
    const int BufferBytes = 256 * 1024;
    const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    readonly string _path;
    readonly FileStream _file;
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long _bytes;
    bool _isPublished;

    /// <param name="path">The final path; a file that is there is replaced when this one is published.</param>
    public StagedFileStream(string path)
    {
        _path = path;
        _file = new FileStream(path + OutboxFolder.PartSuffix, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = BufferBytes,
            UnixCreateMode = Mode,
        });
    }

    /// <summary>Where the file lies until it is published.</summary>
    public string DraftPath => _path + OutboxFolder.PartSuffix;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _bytes;

    public override long Position
    {
        get => _bytes;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        _file.Write(buffer);
        _bytes += buffer.Length;
    }

    public override void Flush()
    {
        // The file is synced once, when it is whole.
    }

    /// <summary>Syncs and closes the file, still under its <c>.part</c> name.</summary>
    public FileDigest Finish()
    {
        _file.Flush(flushToDisk: true);

        // The umask may have taken the group's right to read, without which a print house cannot fetch the file.
        File.SetUnixFileMode(_file.SafeFileHandle, Mode);
        _file.Dispose();
        return new(_bytes, _hash.GetHashAndReset());
    }

    /// <summary>Gives finished files of one folder their names, in this order, and makes the names survive a power
    /// cut.</summary>
    public static void Publish(params ReadOnlySpan<StagedFileStream> files)
    {
        foreach (var file in files)
        {
            File.Move(file._path + OutboxFolder.PartSuffix, file._path, overwrite: true);
            file._isPublished = true;
        }

        PosixFiles.SyncFolder(Path.GetDirectoryName(files[0]._path)!);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            CloseFile();
            if (!_isPublished)
            {
                File.Delete(_path + OutboxFolder.PartSuffix);
            }
        }

        base.Dispose(disposing);
    }

    void CloseFile()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException) when (!_isPublished)
        {
            // What could not be written out is thrown away; the fault that led here is on its way up already.
        }
    }
}
