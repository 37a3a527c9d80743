using Dispatch.PrintExport.Manifest;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Tests.Diagnostics;

/// <summary>Whoever writes a name to the database chooses neither a path nor a command with it.</summary>
public sealed class StoredNameTests : IAsyncLifetime
{
    readonly TestDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("../keys/kek")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData("*")]
    [InlineData("a\n!cp keys/kek outbox")]
    public void Check_NameThatIsMoreThanAName_IsRefused(string name)
    {
        Assert.Equal("database.name", Assert.Throws<DispatchException>(() => StoredName.Check(name)).Code);
        Assert.Equal("database.name", Assert.Throws<DispatchException>(() => SpooledList.PathOf("/spool", name)).Code);
        Assert.Equal("batch.name", Assert.Throws<DispatchException>(() => new BatchFiles(name)).Code);
    }

    [Theory]
    [InlineData("update dispatch.jobs set list_file = '../keys/kek'")]
    [InlineData("update dispatch.jobs set list_file = ''")]
    [InlineData("update dispatch.batches set name = name || E'\n!cat'")]
    [InlineData("update dispatch.batches set print_house = '../keys'")]
    [InlineData("update dispatch.receipt_files set print_house = '../keys/kek'")]
    public async Task Database_NameThatIsMoreThanAName_IsRefused(string sql)
    {
        await new Reporting.LedgerSeed(_database.Owner).AddCompletedJobAsync("names");
        await _database.ExecuteAsync("""
            insert into dispatch.receipt_files
                (print_house, sha256, bytes, name, lines, state, imported_at, imported_by)
            values ('default', sha256('x'), 6, 'a.receipts.csv', 1, 'applied', now(), 'op')
            """);

        var fault = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(sql));

        Assert.Equal(PostgresErrorCodes.CheckViolation, fault.SqlState);
    }
}
