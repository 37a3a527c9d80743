using System.Text;
using Dispatch.PrintExport.Marks;
using FsCheck.Fluent;

namespace Dispatch.PrintExport.Tests.Marks;

public sealed class DataMatrixTests
{
    /// <summary>ISO/IEC 16022, annex O: the whole way from "123456" to the codewords.</summary>
    [Fact]
    public void Encode_TheStandardsExample_GivesItsCodewords()
    {
        var symbol = new DataMatrix(10);
        symbol.Encode("123456"u8);
        Assert.Equal([142, 164, 186, 114, 25, 5, 88, 102], symbol.Codewords.ToArray());
    }

    /// <summary>Module by module as libdmtx, which is not ours, draws that text.</summary>
    [Fact]
    public void Encode_TheStandardsExample_GivesItsModules()
    {
        string[] expected =
        [
            "#.#.#.#.#.",
            "##..#.##.#",
            "##.....#..",
            "##...###.#",
            "##....#...",
            "#.....####",
            "###.##....",
            "####.##..#",
            "#..###.#..",
            "##########",
        ];
        Assert.Equal(expected, Lines(new DataMatrix(10).Encode("123456"u8)));
    }

    [Theory]
    [InlineData("A", new byte[] { 66, 129, 70 })]
    [InlineData("1", new byte[] { 50, 129, 70 })]
    [InlineData("", new byte[] { 129, 175, 70 })]
    [InlineData("a12", new byte[] { 98, 142, 129 })]
    public void Encode_ShortText_IsPadded(string text, byte[] data)
    {
        var symbol = new DataMatrix(10);
        symbol.Encode(Encoding.ASCII.GetBytes(text));
        Assert.Equal(data, symbol.Codewords[..3].ToArray());
    }

    [Fact]
    public void Encode_AfterAnotherText_LeavesNothingOfIt()
    {
        var symbol = new DataMatrix(14);
        var first = Lines(symbol.Encode("12345678"u8));
        symbol.Encode("zzzzzzzz"u8);
        Assert.Equal(first, Lines(symbol.Encode("12345678"u8)));
    }

    [Fact]
    public void Encode_TextThatDoesNotFit_Throws()
    {
        new DataMatrix(10).Encode("123456"u8);
        Assert.Throws<ArgumentException>(() => new DataMatrix(10).Encode("1234567"u8).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataMatrix(11));
    }

    [ToolFact("dmtxread")]
    public void Encode_EverySize_IsReadByAnIndependentProgram()
    {
        using var folder = new TemporaryFolder();
        var texts = new List<string>();
        (int, int)[] sizes =
            [(10, 3), (12, 5), (14, 8), (16, 12), (18, 18), (20, 22), (22, 30), (24, 36), (26, 44)];
        foreach (var (side, codewords) in sizes)
        {
            var letters = Gen.Elements("0123456789abcdefXYZ-;/ ".ToCharArray()).ArrayOf(codewords).Sample(2);
            foreach (var text in letters.Select(some => new string(some).Trim()).Append(new string('7', codewords * 2)))
            {
                texts.Add(text);
                var picture = Path.Combine(folder.Path, $"{texts.Count:D3}.pgm");
                Draw(picture, new DataMatrix(side).Encode(Encoding.ASCII.GetBytes(text)));
            }
        }

        Assert.Equal(texts, Tool.ReadSymbols(folder.Path));
    }

    static void Draw(string path, ReadOnlySpan<uint> rows)
    {
        const int Scale = 6;
        const int Quiet = 2;
        var side = (rows.Length + Quiet * 2) * Scale;
        var pixels = new byte[side * side];
        Array.Fill(pixels, byte.MaxValue);
        for (var y = Quiet * Scale; y < side - Quiet * Scale; y++)
        {
            for (var x = Quiet * Scale; x < side - Quiet * Scale; x++)
            {
                var isDark = (rows[y / Scale - Quiet] >> (x / Scale - Quiet) & 1) != 0;
                pixels[y * side + x] = isDark ? (byte)0 : byte.MaxValue;
            }
        }

        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes($"P5 {side} {side} 255\n"), .. pixels]);
    }

    static string[] Lines(ReadOnlySpan<uint> rows)
    {
        var side = rows.Length;
        return
        [
            .. rows.ToArray().Select(row =>
                string.Concat(Enumerable.Range(0, side).Select(x => (row >> x & 1) != 0 ? '#' : '.'))),
        ];
    }
}
