using System.Text;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;

namespace Dispatch.Routing.Tests.Pipeline;

public sealed class RowRouterTests
{
    const uint Adult = 202801003;
    const uint Replaced = 302801004;
    static readonly DateOnly Released = new(2026, 11, 22);
    static readonly RoutingPolicy Policy = new(true, false, ChannelWish.Auto, false);

    static readonly ListColumns Columns = new(
        4, 0, 1,
        [new LetterColumn(2, "beløb", [FieldFormat.Money], true), new LetterColumn(3, "note", [], false)], false);

    [Fact]
    public void Route_WellFormedRow_WritesReferenceAndFields()
    {
        var (row, values) = Route("0202801003", " ref-1 ", " 1.234,50", "");

        Assert.Equal(Reason.Enrolled, row.Reason);
        Assert.True(row.IsPlain);
        byte[] whole = [.. values[..row.ValuesLength], 0, 0];
        var letter = new LetterValues(2);
        letter.Load(whole);
        Assert.Equal("ref-1", Encoding.UTF8.GetString(letter.Reference));
        Assert.Equal("1.234,50", Encoding.UTF8.GetString(letter.Field(0)));
        Assert.Equal("", Encoding.UTF8.GetString(letter.Field(1)));
    }

    [Theory]
    [InlineData(Reason.CprLength, "", "r", "1,00", "")]
    [InlineData(Reason.CprChars, "x", "r", "", "\u0007")]
    [InlineData(Reason.FieldChar, "02\n", "r", "1,00", "")]
    [InlineData(Reason.CvrCheck, "12345678", "r", "1,00", "")]
    [InlineData(Reason.FieldMissing, "0202801003", "r", "  ", "")]
    [InlineData(Reason.FieldFormat, "0202801003", "r", "1,234.50", "")]
    [InlineData(Reason.FieldChar, "0202801003", "r", "1,00", "\u0007")]
    [InlineData(Reason.FieldChar, "0202801003", "r\nr", "1,00", "")]
    [InlineData(Reason.RegisterUnknown, "0502801004", "r", "1,00", "")]
    [InlineData(Reason.Enrolled, "0302801004", "r", "1,00", "")]
    public void Route_OneFault_IsTheFirstRulesReason(Reason expected, params string[] fields) =>
        Assert.Equal(expected, Route(fields).Row.Reason);

    [Fact]
    public void Route_ValueLongerThanItsTableCell_IsNotPlain()
    {
        var columns = Columns with { Letter = [Columns.Letter[0], Columns.Letter[1] with { PlainBytesMax = 4 }] };
        var router = new RowRouter(columns, Policy, Register(), Released);
        Assert.True(router.Route(new ArrayRow(["0202801003", "r", "1,00", "four"]), new byte[256], false).IsPlain);
        Assert.False(router.Route(new ArrayRow(["0202801003", "r", "1,00", "five5"]), new byte[256], false).IsPlain);
    }

    [Fact]
    public void Route_WrongNumberOfFields_IsRowColumnsBeforeAnythingElse() =>
        Assert.Equal(Reason.RowColumns, Route("x", "r", "1,00").Row.Reason);

    [Fact]
    public void Route_ReplacedNumber_ReachesThePersonAndCountsTheHop()
    {
        var row = Route("0302801004", "r", "1,00", "").Row;

        Assert.Equal(1, row.Facts.Hops);
        Assert.Equal(7, Register().PersonId(row.Index));
    }

    [Fact]
    public void Route_AMillionFields_AllocatesNothingPerRow()
    {
        const int Rows = 250_000;
        var router = new RowRouter(Columns, Policy, Register(), Released);
        var row = new ArrayRow(["0202801003", "ref", "1.234,50", "Østerbro"]);
        var values = new byte[256];
        router.Route(row, values, false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rows; i++)
        {
            router.Route(row, values, false);
        }

        // The runtime itself may take a little meanwhile (tiers, collections); a row that allocates takes 24 bytes at
        // least.
        Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / Rows);
    }

    static (RoutedRow Row, byte[] Values) Route(params string[] fields)
    {
        var values = new byte[256];
        return (
            new RowRouter(Columns, Policy, Register(), Released).Route(new ArrayRow(fields), values, false), values);
    }

    static RegisterSnapshot Register()
    {
        var builder = new RegisterSnapshotBuilder(withNames: false);
        var born = BirthDay.From(new DateOnly(1980, 2, 2));
        builder.AddPerson(Adult, 7, Facts(CivilStatus.Active), born, 0, default);
        builder.AddPerson(Replaced, 8, Facts(CivilStatus.Changed), born, Adult, default);
        return builder.Build(1, []);
    }

    static PersonFacts Facts(int status) => PersonFacts.Person(status, false, false, false, false, true, false);

    readonly struct ArrayRow(string[] fields) : IRow
    {
        readonly byte[][] _fields = [.. fields.Select(Encoding.UTF8.GetBytes)];

        public int FieldCount => _fields.Length;

        public ReadOnlySpan<byte> Field(int index) => _fields[index];
    }
}
