using System.Text;
using Dispatch.PrintExport.Receipts;
using Dispatch.Routing;

namespace Dispatch.PrintExport.Tests.Receipts;

public sealed class ReceiptReaderTests
{
    const string Header = "batch;piece_id;status;pages;sheets;at\n";
    const string Piece = "0123456789abcdef0123";
    const string Line = "b-0001;" + Piece + ";printed;2;1;2026-03-10T08:15:00+01:00\n";

    [Fact]
    public void TryRead_RightFile_GivesEveryLine()
    {
        var lines = Read(
            Header + "b-0001;;accepted;24;12;2026-03-10T07:00:00Z\n" + Line + "b-0001;" + Piece
                + ";spoiled;;;2026-03-10T08:16:00Z\n"
            + "#end;3\n");

        Assert.Equal(
            [
                new(2, "b-0001", null, ReceiptStatus.Accepted, 24, 12, At(7, 0)),
                new(3, "b-0001", Piece, ReceiptStatus.Printed, 2, 1, At(7, 15)),
                new(4, "b-0001", Piece, ReceiptStatus.Spoiled, null, null, At(8, 16)),
            ],
            lines);
    }

    [Theory]
    [InlineData("\uFEFF" + Header + Line + "#end;1")]
    [InlineData(Header + Line + "#end;1\r\n")]
    public void TryRead_MarkAndLineEndsOfOthers_AreTaken(string text) => Assert.Single(Read(text));

    [Fact]
    public void TryRead_NoReceipts_IsAWholeFile() => Assert.Empty(Read(Header + "#end;0\n"));

    [Theory]
    [InlineData("", "receipt.end_missing", 1)]
    [InlineData("batch,piece_id,status,pages,sheets,at\n#end;0\n", "receipt.header", 1)]
    [InlineData(
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
        "receipt.header",
        1)]
    [InlineData("PK\u0003\u0004zip", "receipt.encoding", 1)]
    [InlineData(Header + Line, "receipt.end_missing", 3)]
    [InlineData(Header + "b-0001;" + Piece + ";pri", "receipt.fields", 2)]
    [InlineData(Header + Line + "#end;2\n", "receipt.end_count", 3)]
    [InlineData(Header + Line + "#end;+1\n", "receipt.end_count", 3)]
    [InlineData(Header + Line + "#end;\n", "receipt.end_count", 3)]
    [InlineData(Header + Line + "#end;1x\n", "receipt.end_count", 3)]
    [InlineData(Header + Line + "#end;99999999999\n", "receipt.end_count", 3)]
    [InlineData(Header + Line + "#end;1\n" + Line, "receipt.after_end", 4)]
    [InlineData(Header + Line + "#end;1\n\n", "receipt.after_end", 4)]
    [InlineData(Header + "\n" + Line + "#end;1\n", "receipt.fields", 2)]
    [InlineData(Header + "b-0001;" + Piece + ";printed;2;1;2026-03-10T08:15:00Z;\n#end;1\n", "receipt.fields", 2)]
    [InlineData(Header + "b-0001;" + Piece + ";printed;2;1\n#end;1\n", "receipt.fields", 2)]
    [InlineData(Header + ";" + Piece + ";printed;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "../etc;" + Piece + ";printed;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "b' or 1=1 --;" + Piece + ";printed;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "b-0001;0123;printed;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "b-0001;0123456789ABCDEF0123;printed;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "b-0001;;printed;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.status", 2)]
    [InlineData(Header + "b-0001;" + Piece + ";accepted;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.status", 2)]
    [InlineData(Header + "b-0001;" + Piece + ";Printed;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.status", 2)]
    [InlineData(Header + "b-0001;" + Piece + ";printed;;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "b-0001;" + Piece + ";printed;-2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "b-0001;" + Piece + ";printed;2;12345678;2026-03-10T08:15:00Z\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "b-0001;" + Piece + ";printed;2;1;2026-03-10T08:15:00\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "b-0001;" + Piece + ";printed;2;1;10-03-2026\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "b-0001;" + Piece + ";printed;2;1;2026-02-30T08:15:00Z\n#end;1\n", "receipt.value", 2)]
    [InlineData(Header + "b-0001\0;" + Piece + ";printed;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.encoding", 2)]
    [InlineData(Header + "bæ;" + Piece + ";printed;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.encoding", 2)]
    [InlineData(Header + "\"b-0001\";" + Piece + ";printed;2;1;2026-03-10T08:15:00Z\n#end;1\n", "receipt.value", 2)]
    public void TryRead_BadFile_NamesCodeAndLine(string text, string code, int line)
    {
        var fault = Assert.Throws<DispatchException>(() => Read(text));

        Assert.Equal((code, ExitCode.Refused), (fault.Code, fault.Exit));
        Assert.StartsWith($"line {line} of the receipt file has ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("passwd", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_Utf16_IsRefused() => Assert.Equal(
        "receipt.encoding",
        Assert.Throws<DispatchException>(() => Read(Encoding.Unicode.GetBytes(Header + Line + "#end;1\n"))).Code);

    [Fact]
    public void TryRead_LineOfAGigabyte_StopsWithoutReadingIt()
    {
        using var endless = new EndlessLine();
        var reader = new ReceiptReader(endless);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = Assert.Throws<DispatchException>(() => reader.TryRead(out _));

        Assert.Equal("receipt.line_too_long", fault.Code);
        Assert.InRange(endless.BytesRead, 1, 1 << 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    public void TryRead_ManyLinesInSmallReads_GivesAll(int bytesAtOnce)
    {
        const int Lines = 2_000;
        var text = new StringBuilder(Header);
        for (var i = 0; i < Lines; i++)
        {
            text.Append(Line);
        }

        using var slow = new SlowStream(Encoding.ASCII.GetBytes(text.Append("#end;2000").ToString()), bytesAtOnce);

        Assert.Equal(Lines, Read(slow).Count);
    }

    static DateTimeOffset At(int hour, int minute) => new(2026, 3, 10, hour, minute, 0, TimeSpan.Zero);

    static List<ReceiptLine> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    static List<ReceiptLine> Read(byte[] bytes) => Read(new MemoryStream(bytes));

    static List<ReceiptLine> Read(Stream file)
    {
        var reader = new ReceiptReader(file);
        var lines = new List<ReceiptLine>();
        while (reader.TryRead(out var line))
        {
            lines.Add(line);
        }

        Assert.Equal(lines.Count, reader.Count);
        return lines;
    }

    sealed class SlowStream(byte[] bytes, int bytesAtOnce) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, bytesAtOnce)]);
    }

    sealed class EndlessLine : MemoryStream
    {
        public int BytesRead { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)'x');
            BytesRead += buffer.Length;
            return buffer.Length;
        }
    }
}
