using System.Globalization;
using System.Text;

namespace Dispatch.PrintExport.Manifest;

/// <summary>
/// Writes <c>NAME.manifest.csv</c>: one line a piece in printing order, RFC 4180 with semicolon and CRLF, UTF-8 without
/// byte order mark. It holds no CPR number and no name.
/// </summary>
/// <param name="output">Stays open.</param>
public sealed class ManifestWriter(Stream output, string envelope, string postage, int attempt) : IDisposable
{
    const string Header = "sequence;piece_id;first_page;pages;sheets;envelope;postage;country;postcode;attempt\r\n";

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    readonly StreamWriter _writer = Begin(output);
    readonly string _middle = $";{Quoted(envelope)};{Quoted(postage)};";
    readonly string _end = string.Create(CultureInfo.InvariantCulture, $";{attempt}\r\n");

    /// <param name="sequence">Of the piece's envelope: 1-based, in printing order.</param>
    /// <param name="firstPage">1-based page of the batch's PDF.</param>
    /// <param name="pages">Pages in the PDF, blank backs counted.</param>
    /// <param name="country">ISO 3166-1 alpha-2.</param>
    /// <param name="postcode">Empty for protected people.</param>
    public void Append(
        int sequence, string pieceId, int firstPage, int pages, int sheets, string country, string postcode)
    {
        _writer.Write(string.Create(
            CultureInfo.InvariantCulture, $"{sequence};{pieceId};{firstPage};{pages};{sheets}"));
        _writer.Write(_middle);
        _writer.Write(Quoted(country));
        _writer.Write(';');
        _writer.Write(Quoted(postcode));
        _writer.Write(_end);
    }

    /// <summary>Writes out what is buffered; the file is whole after this.</summary>
    public void Dispose() => _writer.Dispose();

    static StreamWriter Begin(Stream output)
    {
        var writer = new StreamWriter(output, Utf8, bufferSize: 16 * 1024, leaveOpen: true);
        writer.Write(Header);
        return writer;
    }

    static string Quoted(string value) => value.AsSpan().IndexOfAny(";\"\r\n") < 0
        ? value
        : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
