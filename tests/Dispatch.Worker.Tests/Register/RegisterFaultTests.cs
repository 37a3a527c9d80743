using System.Text;
using Dispatch.Routing;
using Dispatch.Worker.Register;

namespace Dispatch.Worker.Tests.Register;

public sealed class RegisterFaultTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    readonly RegisterFolder _folder = new();

    public static TheoryData<string, string> ValueFaults => new()
    {
        { "cpr", "311302-0000" },
        { "cpr", "290201-0007" },
        { "cpr", "660180-0001" },
        { "cpr", "02014" },
        { "cpr", "" },
        { "status", "1" },
        { "status", "0x" },
        { "status", "" },
        { "status_date", "2026-02-30" },
        { "status_date", "01-02-2026" },
        { "current_cpr", "123" },
        { "birth_date", "2026-13-01" },
        { "country", "Danmark" },
        { "protected", "yes" },
        { "exempt", "2" },
        { "voluntary", " 1" },
        { "guardian", "x" },
        { "notify", "pigeon" },
        { "name", "a\0b" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(ValueFaults))]
    public async Task RunAsync_ValueOfOtherForm_NamesLineAndColumnButNotTheValue(string column, string value)
    {
        var position = Array.IndexOf(PersonLine.Header.Split(';'), column);
        var fields = new PersonLine(SomePeople.Cpr(5)) { StatusDate = "" }.ToString().Split(';');
        fields[position] = value;
        _folder.Write(
            "people.csv", PersonLine.Header,
            new PersonLine(SomePeople.Cpr(4)) { Name = "\"On two\nlines\"" }.ToString(), "", string.Join(';', fields));

        var fault = await FaultAsync();

        Assert.Equal("register.value", fault.Code);
        Assert.Contains($"people.csv' line 5, column '{column}'", fault.Message, StringComparison.Ordinal);
        if (value.Length > 2)
        {
            Assert.DoesNotContain(value, fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("companies.csv", RegisterFolder.CompaniesHeader, "1955210;A;;;;;;;active;;", "cvr")]
    [InlineData("companies.csv", RegisterFolder.CompaniesHeader, "19552101;A;;;;;;;asleep;;", "status")]
    [InlineData("companies.csv", RegisterFolder.CompaniesHeader, "19552101;A;;;;;;;active;x;", "exempt")]
    [InlineData("read_access.csv", RegisterFolder.ReadAccessHeader, "1;2;self;2026-01-01;;none", "owner")]
    [InlineData("read_access.csv", RegisterFolder.ReadAccessHeader, "CPR;CPR;mother;2026-01-01;;none", "granted_by")]
    [InlineData("read_access.csv", RegisterFolder.ReadAccessHeader, "CPR;CPR;self;;;none", "from")]
    [InlineData("read_access.csv", RegisterFolder.ReadAccessHeader, "CPR;CPR;self;2026-01-01;soon;none", "to")]
    [InlineData("read_access.csv", RegisterFolder.ReadAccessHeader, "CPR;CPR;self;2026-01-01;;fax", "notify")]
    [InlineData("registrations.csv", RegisterFolder.RegistrationsHeader, "CPR;1", "sender_cvr")]
    [InlineData("registrations.csv", RegisterFolder.RegistrationsHeader, "x;19552101", "cpr")]
    public async Task RunAsync_ValueOfOtherFormInOtherFile_NamesIt(
        string file, string header, string line, string column)
    {
        _folder.People().Write(file, header, line.Replace("CPR", SomePeople.Cpr(1), StringComparison.Ordinal));

        var fault = await FaultAsync();

        Assert.Equal("register.value", fault.Code);
        Assert.Contains($"{file}' line 2, column '{column}'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SameNumberTwice_NamesBothLines()
    {
        _folder.People(
            Person(3), Person(1), Person(2), Person(1) with { Cpr = SomePeople.Cpr(1).Insert(6, "-") }, Person(3));

        var fault = await FaultAsync();

        Assert.Equal("register.duplicate", fault.Code);
        Assert.Contains("line 5, column 'cpr'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("line 3 has it already", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("companies.csv", RegisterFolder.CompaniesHeader, "19552101;A;;;;;;;active;;",
        "19552101;B;;;;;;;closed;;")]
    [InlineData("registrations.csv", RegisterFolder.RegistrationsHeader, "CPR;19552101", "CPR;19552101")]
    [InlineData("read_access.csv", RegisterFolder.ReadAccessHeader, "CPR;CPR;self;2026-01-15;;none",
        "CPR;CPR;guardian;2026-01-15T00:00:00;;none")]
    public async Task RunAsync_SameKeyTwiceInOtherFile_NamesBothLines(
        string file, string header, string first, string second)
    {
        var cpr = SomePeople.Cpr(1);
        _folder.People().Write(
            file, header, first.Replace("CPR", cpr, StringComparison.Ordinal),
            second.Replace("CPR", cpr, StringComparison.Ordinal));

        var fault = await FaultAsync();

        Assert.Equal("register.duplicate", fault.Code);
        Assert.Contains($"{file}' line 3", fault.Message, StringComparison.Ordinal);
        Assert.Contains("line 2 has it already", fault.Message, StringComparison.Ordinal);
    }

    // Like a pipe, the opening of which would never end.
    [Theory]
    [InlineData("people.csv")]
    [InlineData("companies.csv")]
    public async Task RunAsync_NoRegularFile_IsRefused(string file)
    {
        _folder.People();
        var path = Path.Combine(_folder.Path, file);
        File.Delete(path);
        File.CreateSymbolicLink(path, "/dev/null");

        Assert.Equal("register.unreadable", (await FaultAsync()).Code);
    }

    [Theory]
    [InlineData("19552101", "register.columns", "line 2")]
    [InlineData("1;2;3", "register.columns", "line 2")]
    [InlineData("a\"b;19552101", "register.csv", "line 2")]
    [InlineData("\"never closed;19552101", "register.csv", "line 2")]
    public async Task RunAsync_RecordOfOtherForm_NamesTheLine(string line, string code, string place)
    {
        _folder.People().Write("registrations.csv", RegisterFolder.RegistrationsHeader, line);

        var fault = await FaultAsync();

        Assert.Equal(code, fault.Code);
        Assert.Contains($"registrations.csv' {place}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpr")]
    [InlineData("cpr;sender_cvr;more")]
    [InlineData("cpr;cpr;sender_cvr")]
    [InlineData("CPR;sender_cvr")]
    [InlineData("cpr,sender_cvr")]
    [InlineData("sep=;")]
    public async Task RunAsync_OtherHeader_IsRefused(string header)
    {
        _folder.People().Write("registrations.csv", header);

        var fault = await FaultAsync();

        Assert.Equal("register.header", fault.Code);
        Assert.Contains("registrations.csv' line 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_BytesThatAreNotUtf8_NamesLineAndColumn()
    {
        var text = $"{PersonLine.Header}\n{Person(1)}\n{Person(2) with { Street = "Ærøvej 1" }}\n";
        text = text.Replace("Lærke Østergaard", "x", StringComparison.Ordinal);
        _folder.Write("people.csv", Encoding.Latin1.GetBytes(text));

        var fault = await FaultAsync();

        Assert.Equal("register.encoding", fault.Code);
        Assert.Contains("line 2, column 'street'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Utf16_IsRefused()
    {
        _folder.Write("people.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(PersonLine.Header)]);

        Assert.Equal("register.encoding", (await FaultAsync()).Code);
    }

    [Fact]
    public async Task RunAsync_NoPeopleFile_IsRefused()
    {
        _folder.Companies();

        Assert.Equal("register.missing_file", (await FaultAsync()).Code);
    }

    [Fact]
    public async Task RunAsync_RecordOver64KiB_IsRefused()
    {
        _folder.People(Person(1) with { Name = new string('x', 70_000) });

        var fault = await FaultAsync();

        Assert.Equal("register.csv", fault.Code);
        Assert.Contains("line 2", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Two hundred lines are not corrected one import at a time.</summary>
    [Theory]
    [InlineData(2, "; 1 more of its lines have a fault: 5")]
    [InlineData(30, "; 29 more of its lines have a fault: 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, "
        + "37, 39, 41, 43 and others")]
    public async Task RunAsync_ManyFaults_NamesTheFirstAndTheLinesOfOthers(int faults, string ending)
    {
        _folder.People([.. Enumerable.Range(1, 2 * faults).Select(
            index => Person(index) with { Exempt = index % 2 == 0 ? "yes" : "" })]);

        var fault = await FaultAsync();

        Assert.Equal("register.value", fault.Code);
        Assert.Contains("people.csv' line 3, column 'exempt'", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(ending, fault.Message, StringComparison.Ordinal);
    }

    static PersonLine Person(int index) => new(SomePeople.Cpr(index));

    // Every fault leaves the register as it was.
    async Task<DispatchException> FaultAsync()
    {
        using var before = new RegisterFolder();
        before.People(Person(100), Person(101)).Registrations($"{SomePeople.Cpr(100)};19552101");
        await RegisterImport.RunAsync(database.DataSource, before.Path, progress: null, CancellationToken.None);
        var contents = await ContentsAsync();

        var fault = await Assert.ThrowsAsync<DispatchException>(
            () => RegisterImport.RunAsync(database.DataSource, _folder.Path, progress: null, CancellationToken.None));

        Assert.Equal(ExitCode.Refused, fault.Exit);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.Equal(contents, await ContentsAsync());
        return fault;
    }

    Task<string> ContentsAsync() => database.QueryAsync<string>(
        """
        select md5((select string_agg(p::text, ',' order by cpr) from register.people p)
            || (select string_agg(r::text, ',') from register.registrations r)
            || (select max(version) from register.versions))
        """);
}
