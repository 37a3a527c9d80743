using System.Runtime.CompilerServices;
using Dispatch.Worker.Database;

namespace Dispatch.Worker.Tests.Database;

/// <summary>docs/grants.csv is what a migrated database grants, no more and no less.</summary>
public sealed class GrantMatrixTests : IAsyncLifetime
{
    /// <summary>Set to 1 to write the file anew after a migration that grants; then build again.</summary>
    const string UpdateVariable = "DISPATCH_UPDATE_DOCS";

    // Not from the template: what is granted on a database itself is not copied with it.
    readonly TestDatabase _database = TestDatabase.Empty();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await new Migrator(_database.Owner, MigrationScript.All).MigrateAsync(default);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Render_MigratedDatabase_IsTheFileInDocs()
    {
        var rendered = GrantMatrix.Render(await ReadAsync());

        var file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/grants.csv"));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            await File.WriteAllTextAsync(file, rendered);
        }

        Assert.Equal(await File.ReadAllTextAsync(file), rendered);
    }

    [Fact]
    public async Task Allowed_MigratedDatabase_IsWhatItGrants()
    {
        Assert.NotEmpty(GrantMatrix.Allowed);
        Assert.Equal(GrantMatrix.Allowed.Order(Grants), (await ReadAsync()).Order(Grants));
    }

    [Fact]
    public async Task Read_LeafOfItsOwn_IsGrantedAsTheOthersAre()
    {
        await _database.ExecuteAsync("""
            insert into dispatch.templates (content_sha256, source, fonts) values ('\x01', 'Dear', '{}');
            insert into dispatch.jobs (sender_cvr, reference, content_sha256, sender_name, title, order_json,
                template_id, state, rows, columns, list_sha256, list_bytes, list_file, data_key, key_id, segment)
            select '19552101', 'a', '', 'A', 'A', '{}', template_id, 'checked', 1, '{}', '', 1, 'a.list', '', 'k', 7
            from dispatch.templates;
            select mailbox.create_leaf(job_id) from dispatch.jobs
            """);

        Assert.True(await _database.QueryAsync<bool>("select to_regclass('mailbox.letters_7') is not null"));
        Assert.Equal(GrantMatrix.Allowed.Order(Grants), (await ReadAsync()).Order(Grants));
    }

    [Theory]
    [InlineData("grant delete on dispatch.events to dispatch_worker",
        "dispatch_worker may DELETE table dispatch.events")]
    [InlineData("grant select on mailbox.letters_0 to dispatch_reader",
        "dispatch_reader may SELECT table mailbox.letters_*")]
    [InlineData("grant select (cpr) on register.people to public", "PUBLIC may SELECT column register.people.cpr")]
    [InlineData("grant usage on sequence dispatch.jobs_job_id_seq to dispatch_auditor",
        "dispatch_auditor may USAGE sequence dispatch.jobs_job_id_seq")]
    [InlineData("grant create on schema ops to dispatch_reader", "dispatch_reader may CREATE schema ops")]
    [InlineData("create function ops.f() returns int language sql as 'select 1'; "
        + "grant execute on function ops.f() to public",
        "PUBLIC may EXECUTE function ops.f()")]
    [InlineData("alter default privileges grant select on tables to dispatch_reader",
        "dispatch_reader may SELECT default tables")]
    [InlineData("alter default privileges in schema ops grant select on tables to dispatch_reader",
        "dispatch_reader may SELECT default r in ops")]
    [InlineData("do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$",
        "PUBLIC may TEMPORARY database")]
    public async Task BeyondAllowed_SomethingGranted_NamesIt(string sql, string grant)
    {
        await _database.ExecuteAsync(sql);

        Assert.Equal([grant], GrantMatrix.BeyondAllowed(await ReadAsync()).Select(g => g.ToString()));
    }

    [Fact]
    public async Task Functions_MadeByALaterMigration_AreNobodysByThemselves()
    {
        await _database.ExecuteAsync("create function ops.later() returns int language sql as 'select 1'");

        Assert.Equal(GrantMatrix.Allowed.Order(Grants), (await ReadAsync()).Order(Grants));
    }

    [Fact]
    public void Allowed_ReadersAndAuditors_MayOnlyRead() => Assert.DoesNotContain(
        GrantMatrix.Allowed,
        g => g.Role != DatabaseRoles.Worker && g.Privilege is not ("SELECT" or "USAGE" or "EXECUTE" or "CONNECT"));

    static Comparer<Grant> Grants { get; } =
        Comparer<Grant>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

    async Task<IReadOnlySet<Grant>> ReadAsync()
    {
        await using var catalog = _database.Owner.CreateCommand(GrantMatrix.CatalogSql);
        return await GrantMatrix.ReadAsync(catalog, default);
    }

    static string Here([CallerFilePath] string path = "") => path;
}
