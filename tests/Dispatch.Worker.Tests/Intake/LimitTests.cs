using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Country;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Tests.Intake;

/// <summary>A job one step over a limit is refused whole, with the limit's own code; one step below it is
/// taken.</summary>
public sealed class LimitTests : IDisposable
{
    readonly IntakeSite _site = new();

    public static TheoryData<string, string> Settings => new()
    {
        { nameof(LimitSettings.OrderBytesMax), "file.too_large" },
        { nameof(LimitSettings.LetterBytesMax), "file.too_large" },
        { nameof(LimitSettings.AssetBytesMax), "file.too_large" },
        { nameof(LimitSettings.AssetsMax), "asset.too_many" },
        { nameof(LimitSettings.AssetsBytesMax), "asset.too_large" },
        { nameof(LimitSettings.ListBytesMax), "file.too_large" },
        { nameof(LimitSettings.RowsMax), "file.too_many_rows" },
        { nameof(LimitSettings.RecordBytesMax), "line.too_long" },
        { nameof(LimitSettings.ColumnsMax), "header.too_wide" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task CheckAsync_OneOverASetting_IsRefused(string setting, string code)
    {
        var picture = PngFile.FromRgb(new byte[4 * 4 * 3], 4, 4);
        Pictures(picture, picture);
        _site.Write("recipients.csv", $"{IntakeSite.Header}\n{IntakeSite.Cpr};1;Anna\n{IntakeSite.Cpr};2;Bo\n");
        var fits = new IntakeLimits
        {
            OrderBytesMax = Bytes("job.json"),
            LetterBytesMax = Bytes("letter.md"),
            AssetBytesMax = picture.Length,
            AssetsMax = 2,
            AssetsBytesMax = 2 * picture.Length,
            ListBytesMax = Bytes("recipients.csv"),
            RowsMax = 2,
            RecordBytesMax = IntakeSite.Header.Length + 1,
            ColumnsMax = 3,
        };
        using (await _site.CheckAsync(fits))
        {
            Assert.Single(_site.SpooledFiles);
        }

        var property = typeof(IntakeLimits).GetProperty(setting)!;
        var over = fits with { };
        property.SetValue(
            over, Convert.ChangeType(Convert.ToInt64(property.GetValue(fits), null) - 1, property.PropertyType, null));

        Assert.Equal(code, (await RefusedAsync(over)).Code);
        Assert.Empty(_site.SpooledFiles);
    }

    [Theory]
    [InlineData(10, 1, 87_600)]
    [InlineData(600, 10, 5_256_000)]
    [InlineData(200_000, 3_333, 20_000_000)]
    [InlineData(int.MaxValue, 16_384, 20_000_000)]
    public void For_Drip_GivesChunksOfAMinuteAndAYearAtMost(int perHour, int chunkRows, int rowsMax)
    {
        var limits = new IntakeLimits().For(perHour);

        Assert.Equal((chunkRows, rowsMax), (limits.ChunkRows, limits.RowsMax));
        Assert.Equal(new IntakeLimits(), new IntakeLimits().For(null));
    }

    [Fact]
    public void Settings_AllLimits_AreTriedHere() => Assert.Equal(
        typeof(LimitSettings).GetProperties().Where(p => p.CanWrite).Select(p => p.Name)
            .Except([nameof(LimitSettings.ReceiptBytesMax)]).Order(StringComparer.Ordinal),
        Settings.Select(row => (string)row[0]).Order(StringComparer.Ordinal));

    /// <summary>Letters that would keep the parser busy for minutes are refused before it sees them.</summary>
    [Theory]
    [InlineData("template.too_long", "ord og ord\n", 30_000)]
    [InlineData("template.too_long", "[a](", 100_000)]
    [InlineData("template.too_long", "\\", 400_000)]
    [InlineData("template.too_long", "*a_ ", 100_000)]
    [InlineData("template.too_long", "{", 400_000)]
    [InlineData("template.too_long", "|a|b|\n", 60_000)]
    [InlineData("template.too_many_marks", "**a *b ", 700)]
    [InlineData("template.too_many_marks", "![a ", 1_100)]
    [InlineData("template.too_wide", "|a", 16_000)]
    [InlineData("template.depth", "> ", 200_000)]
    [InlineData("template.depth", "{{#if name}}\n\n", 30_000)]
    [InlineData("template.too_many_fields", "{{#}}\n\n", 20_000)]
    public async Task CheckAsync_LetterMadeToBeSlow_IsRefusedAtOnce(string code, string piece, int times)
    {
        var letter = new StringBuilder();
        for (var i = 0; i < times; i++)
        {
            letter.Append(
                piece.Contains('#', StringComparison.Ordinal) && !piece.Contains("if", StringComparison.Ordinal)
                ? piece.Replace("#", $"f{i}", StringComparison.Ordinal)
                : piece);
        }

        _site.Write("letter.md", letter.ToString());

        Assert.Equal(code, (await RefusedAsync(new() { LetterBytesMax = 1 << 20 })).Code);
    }

    public void Dispose() => _site.Dispose();

    Task<DispatchException> RefusedAsync(IntakeLimits limits) =>
        Assert.ThrowsAsync<DispatchException>(() => _site.CheckAsync(limits));

    int Bytes(string file) => (int)new FileInfo(Path.Combine(_site.Job, file)).Length;

    void Pictures(params byte[][] pictures)
    {
        Directory.CreateDirectory(Path.Combine(_site.Job, "assets"));
        for (var i = 0; i < pictures.Length; i++)
        {
            _site.Write($"assets/{i}.png", pictures[i]);
        }

        _site.Write(
            "letter.md", "Kære {{name}}\n\n" + string.Concat(pictures.Select((_, i) => $"![billede]({i}.png)\n\n")));
    }
}
