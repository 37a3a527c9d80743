using Dispatch.Worker.Database;
using Dispatch.Worker.Mailbox;
using Dispatch.Worker.Security;
using Dispatch.Worker.Tests.Reporting;
using Npgsql;

namespace Dispatch.Worker.Tests.Mailbox;

/// <summary>
/// Three jobs whose letters lie in two leaves, and one that sent none: of <see cref="People"/> everybody has one of
/// each, and the row number is the person. Two reader connections.
/// </summary>
public sealed class MailboxWorld : IAsyncLifetime
{
    public const int ReaderConnections = 2;

    /// <summary>Rows of the seeded jobs that are digital, and so people with a mailbox.</summary>
    public static readonly int[] People = [.. Enumerable.Range(1, LedgerSeed.Rows).Where(row => row % 10 == 1)];

    readonly string _folder = Directory.CreateTempSubdirectory("dispatch-mailbox-").FullName;

    internal TestDatabase Database { get; } = new();

    internal KeyRing Keys { get; private set; } = null!;

    internal NpgsqlDataSource Reader { get; private set; } = null!;

    /// <summary>By age: the last one lies in a leaf of its own and comes from another sender.</summary>
    public IReadOnlyList<int> Jobs { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        Keys = await OpenKeysAsync("key");
        Reader = Database.As(DatabaseRoles.Reader, ReaderConnections);
        var seed = new LedgerSeed(Database.Owner);
        var first = await seed.AddCompletedJobAsync("first", "Årsopgørelse");
        var second = await seed.AddCompletedJobAsync("second", "Forskud");
        await seed.ExecuteAsync(
            $"update dispatch.jobs set title = 'Secret' where job_id = {await seed.AddCancelledJobAsync("not-sent")}");
        var third = await seed.AddCancelledJobAsync("third");
        await seed.ExecuteAsync(
            $"update dispatch.jobs set segment = 77, sender_cvr = '10000009', title = 'Grøn check' where job_id = {third}");
        await using (var leaf = Database.DataSource.CreateCommand($"select mailbox.create_leaf({third})"))
        {
            await leaf.ExecuteNonQueryAsync();
        }

        await seed.ExecuteAsync($"""
            insert into mailbox.letters
            select 77, {third}, row_no, row_no, 101, 0, '2026-04-01 06:00Z', convert_to('letter of ' || row_no, 'UTF8')
            from generate_series(1, {LedgerSeed.Rows}) row_no where row_no % 10 = 1;
            update mailbox.letters set available_at = '2026-03-10 06:00Z' where job_id = {second};
            """);
        Jobs = [first, second, third];
    }

    public async Task DisposeAsync()
    {
        await Reader.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal Task<MailboxReader> OpenReaderAsync(TimeSpan? lifetime = null, KeyRing? keys = null) =>
        MailboxReader.OpenAsync(
        Database.DataSource, Reader, keys ?? Keys, lifetime ?? MailboxTicket.Lifetime, CancellationToken.None);

    internal Task<KeyRing> OtherKeysAsync() => OpenKeysAsync($"key-{Guid.NewGuid():N}");

    Task<KeyRing> OpenKeysAsync(string file) =>
        KeyRing.OpenAsync(KeySource.OfFile(Path.Combine(_folder, file)), mayCreate: true, CancellationToken.None);
}
