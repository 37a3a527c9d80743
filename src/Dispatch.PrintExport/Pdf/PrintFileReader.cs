using System.Buffers.Text;

namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// Reads a print file back from the disk the way any reader finds its pages: last line, cross-reference table, page
/// tree. It knows the form <see cref="LetterFileWriter"/> gives its objects and no other. Memory is bounded, and a file
/// is read front to back but for its last part.
/// </summary>
public sealed class PrintFileReader : IDisposable
{
    const int ObjectBytesMax = 4 * 1024;
    const int NodeWindowBytes = 2 * ObjectBytesMax;
    const int PageWindowBytes = 128 * 1024;
    const int TableWindowBytes = 64 * 1024;
    const int EntryBytes = 20;
    const int OffsetDigits = 10;
    const int DepthMax = 8;
    const int TailBytes = 48;

    readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file;
    readonly FileWindow _table;
    readonly FileWindow[] _levels;
    readonly FileWindow _pages;
    readonly long _firstEntry;
    readonly int _objects;

    /// <exception cref="InvalidDataException">The file has no end, or no table where its end says.</exception>
    public PrintFileReader(string path)
    {
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        try
        {
            _table = new(_file, TableWindowBytes);
            _pages = new(_file, PageWindowBytes);
            _levels = new FileWindow[DepthMax];
            (_firstEntry, _objects) = FindTable();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>For every page, in the order of the page tree, the piece it belongs to: counted from 1.</summary>
    /// <exception cref="InvalidDataException">The file is not whole or its objects contradict each other.</exception>
    public IEnumerable<int> ReadPieces()
    {
        var root = FindRoot();
        var text = Object(root, Level(0));
        var (count, kids) = (Number(text, "/Count "u8), Kids(text));
        var found = 0;
        foreach (var piece in kids.SelectMany(kid => ReadNode(kid, root, 1)))
        {
            found++;
            yield return piece;
        }

        if (found != count)
        {
            throw Broken($"the page tree holds {found} pages and says {count}");
        }
    }

    public void Dispose() => _file.Dispose();

    IEnumerable<int> ReadNode(int number, int parent, int depth)
    {
        var text = Object(number, Level(depth));
        Demand(text.StartsWith("<</Type/Pages/"u8) && Number(text, "/Parent "u8) == parent, number);
        var (count, kids) = (Number(text, "/Count "u8), Kids(text));
        var found = 0;
        foreach (var kid in kids)
        {
            if (ReadPage(kid, number) is { } piece)
            {
                found++;
                yield return piece;
                continue;
            }

            foreach (var below in ReadNode(kid, number, depth + 1))
            {
                found++;
                yield return below;
            }
        }

        Demand(found == count, number);
    }

    /// <summary>The piece of a page; null for a node of the tree.</summary>
    int? ReadPage(int number, int parent)
    {
        var text = Object(number, _pages);
        if (!text.StartsWith("<</Type/Page/"u8))
        {
            return null;
        }

        Demand(Number(text, "/Parent "u8) == parent, number);
        return Number(text, PageMark.Text);
    }

    (long FirstEntry, int Objects) FindTable()
    {
        var length = RandomAccess.GetLength(_file);
        var tail = _table.From(Math.Max(0, length - TailBytes), TailBytes);
        var mark = tail.LastIndexOf("startxref\n"u8);
        if (mark < 0 || !tail.EndsWith("%%EOF\n"u8)
            || !Utf8Parser.TryParse(tail[(mark + "startxref\n"u8.Length)..], out long start, out _)
            || start <= 0 || start >= length)
        {
            throw Broken("the file does not end as it should");
        }

        var head = _table.From(start, TailBytes);
        if (!head.StartsWith("xref\n0 "u8)
            || !Utf8Parser.TryParse(head["xref\n0 "u8.Length..], out int objects, out var digits))
        {
            throw Broken("there is no cross-reference table where the end says");
        }

        return (start + "xref\n0 "u8.Length + digits + 1, objects);
    }

    int FindRoot()
    {
        var trailer = _table.From(_firstEntry + (long)_objects * EntryBytes, ObjectBytesMax);
        if (!trailer.StartsWith("trailer\n"u8) || Number(trailer, "/Size "u8) != _objects)
        {
            throw Broken("there is no trailer behind the cross-reference table");
        }

        return Number(Object(Number(trailer, "/Root "u8), Level(0)), "/Pages "u8);
    }

    /// <summary>The inside of an object; what the table points to must carry its number.</summary>
    ReadOnlySpan<byte> Object(int number, FileWindow window)
    {
        if (number <= 0 || number >= _objects
            || !Utf8Parser.TryParse(
                _table.From(_firstEntry + (long)number * EntryBytes, OffsetDigits), out long offset, out _))
        {
            throw Broken($"object {number} is not in the cross-reference table");
        }

        var text = window.From(offset, ObjectBytesMax);
        Demand(Utf8Parser.TryParse(text, out int found, out var digits) && found == number, number);
        text = text[digits..];
        Demand(text.StartsWith(" 0 obj\n"u8), number);
        text = text[" 0 obj\n"u8.Length..];
        var end = text.IndexOf("\nendobj\n"u8);
        Demand(end >= 0, number);
        return text[..end];
    }

    FileWindow Level(int depth) => depth < DepthMax
        ? _levels[depth] ??= new(_file, NodeWindowBytes)
        : throw Broken("the page tree is deeper than any we write");

    static int Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        var at = text.IndexOf(key);
        return at >= 0 && Utf8Parser.TryParse(text[(at + key.Length)..], out int number, out _)
            ? number
            : throw Broken("an object lacks an entry");
    }

    static List<int> Kids(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf("/Kids["u8);
        var end = at < 0 ? -1 : text[at..].IndexOf((byte)']');
        if (end < 0)
        {
            throw Broken("a node of the page tree has no children");
        }

        var kids = new List<int>();
        var rest = text.Slice(at + "/Kids["u8.Length, end - "/Kids["u8.Length);
        while (Utf8Parser.TryParse(rest, out int kid, out var digits))
        {
            kids.Add(kid);
            rest = rest[digits..];
            rest = rest.StartsWith(" 0 R"u8) ? rest[" 0 R"u8.Length..].TrimStart((byte)' ') : [];
        }

        return kids;
    }

    static void Demand(bool holds, int number)
    {
        if (!holds)
        {
            throw Broken($"object {number} is not what it should be");
        }
    }

    static InvalidDataException Broken(string found) => new(found);
}
