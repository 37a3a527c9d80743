using System.IO.Compression;

namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// The objects of a PDF file on their way to a stream: numbers, offsets, cross-reference table (ISO 32000-1, 7.3 and
/// 7.5). Holds 8 bytes an object and one output buffer, whatever the length of the file.
/// </summary>
sealed class PdfObjects : IDisposable
{
    const int FlushBytes = 256 * 1024;

    readonly Stream _output;
    readonly List<long> _offsets = [0];
    long _flushed;

    public PdfObjects(Stream output)
    {
        _output = output;

        // Bytes above 127 in the second line tell transfer programs that the file is binary (ISO 19005-1, 6.1.2).
        Buffer.Write("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n"u8);
    }

    /// <summary>Where the inside of an object is written to.</summary>
    public ByteBuffer Buffer { get; } = new();

    /// <summary>Bytes written so far.</summary>
    public long Position => _flushed + Buffer.Length;

    /// <summary>Takes a number for an object that is written later.</summary>
    public int Reserve()
    {
        _offsets.Add(0);
        return _offsets.Count - 1;
    }

    /// <summary>Starts an object under a reserved number.</summary>
    public void Begin(int number)
    {
        if (Buffer.Length >= FlushBytes)
        {
            Flush();
        }

        _offsets[number] = Position;
        Buffer.Write(number);
        Buffer.Write(" 0 obj\n"u8);
    }

    public void End() => Buffer.Write("\nendobj\n"u8);

    /// <summary>Writes a whole stream object.</summary>
    /// <param name="entries">Dictionary entries without Length and Filter.</param>
    public void WriteStream(
        int number, ReadOnlySpan<byte> entries, ReadOnlySpan<byte> content, bool isCompressed = false)
    {
        if (isCompressed)
        {
            var packed = new MemoryStream();
            using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                deflate.Write(content);
            }

            WriteEncoded(number, entries, " /Filter /FlateDecode"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        }
        else
        {
            WriteEncoded(number, entries, default, content);
        }
    }

    /// <summary>Writes a stream object whose content is encoded already.</summary>
    public void WriteEncoded(
        int number, ReadOnlySpan<byte> entries, ReadOnlySpan<byte> filter, ReadOnlySpan<byte> content)
    {
        Begin(number);
        Buffer.Write("<<"u8);
        Buffer.Write(entries);
        Buffer.Write(filter);
        Buffer.Write("/Length "u8);
        Buffer.Write(content.Length);
        Buffer.Write(">>\nstream\n"u8);
        if (content.Length > FlushBytes)
        {
            Flush();
            _output.Write(content);
            _flushed += content.Length;
        }
        else
        {
            Buffer.Write(content);
        }

        Buffer.Write("\nendstream"u8);
        End();
    }

    /// <summary>Writes the cross-reference table and the trailer.</summary>
    /// <param name="id">16 bytes that tell this file from others.</param>
    public void Finish(int catalog, ReadOnlySpan<byte> id)
    {
        var start = Position;
        Buffer.Write("xref\n0 "u8);
        Buffer.Write(_offsets.Count);
        Buffer.Write("\n0000000000 65535 f \n"u8);
        for (var number = 1; number < _offsets.Count; number++)
        {
            _offsets[number].TryFormat(
                Buffer.Room(20), out _, "0000000000", System.Globalization.CultureInfo.InvariantCulture);
            Buffer.Advance(10);
            Buffer.Write(" 00000 n \n"u8);
            if (Buffer.Length >= FlushBytes)
            {
                Flush();
            }
        }

        var hex = Convert.ToHexString(id);
        Buffer.Write(
            $"trailer\n<</Size {_offsets.Count}/Root {catalog} 0 R/ID [<{hex}><{hex}>]>>\nstartxref\n{start}\n%%EOF\n");
        Flush();
        _output.Flush();
    }

    public void Dispose() => Buffer.Dispose();

    void Flush()
    {
        _output.Write(Buffer.Written);
        _flushed += Buffer.Length;
        Buffer.Clear();
    }
}
