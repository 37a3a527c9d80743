using System.Globalization;
using Dispatch.Routing;
using Dispatch.Routing.Register;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register;

/// <summary>
/// Replaces the register by the contents of a folder. All files are checked before the transaction begins; inside it
/// the tables are emptied and filled by COPY, so that readers see the old register or the new one and nothing between.
/// </summary>
static class RegisterImport
{
    // One import at a time; whoever asks for the version is not kept waiting.
    const string LockSql = "select register.lock_import()";

    // Emptied in the transaction that fills them: the rows may be written frozen, and a server that is set up for it
    // writes them without a second copy in its log. The keys stay: rows come in their order, and building them anew is
    // no quicker.
    const string EmptySql =
        "truncate register.people, register.companies, register.read_access, register.registrations";

    const string TakeIdsSql =
        """
        select setval('register.person_ids', taken + $1) - $1 + 1
        from (select case when is_called then last_value else last_value - 1 end as taken from register.person_ids) s
        """;

    const string VersionSql =
        "insert into register.versions (people, companies) values ($1, $2) returning version, identity";

    const string AnalyzeSql = "select register.analyze_import()";

    /// <param name="folder">people.csv, and where there are any companies.csv, read_access.csv, registrations.csv.
    /// </param>
    /// <param name="images">Where the next start finds what it would have to read row by row; null = nowhere.</param>
    /// <exception cref="DispatchException"><c>register.*</c>: the first fault; nothing was changed.</exception>
    public static async Task<RegisterCounts> RunAsync(
        NpgsqlDataSource db, string folder, IProgress<RegisterProgress>? progress, CancellationToken ct,
        RegisterImageFolder? images = null)
    {
        var files = await CheckedFolder.CheckAsync(
            folder, rows => progress?.Report(new(IsWriting: false, rows)), ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, LockSql, ct);
        var image = images is null
            ? null
            : new RegisterSnapshotBuilder(withNames: true, files.People.Keys.Length + files.Companies.Keys.Length);
        var people = await PrepareAsync(connection, KeyedTable.People, files.People, image, ct);
        var companies = await PrepareAsync(connection, KeyedTable.Companies, files.Companies, image, ct);
        var firstNewId = await TakeIdsAsync(connection, people.Added + companies.Added, ct);

        void RowsWritten(int rows) => progress?.Report(new(IsWriting: true, rows));
        var former = await FormerNumbers.ReadAsync(connection, ct);
        await RunAsync(connection, EmptySql, ct);
        await people.WriteAsync(connection, firstNewId, RowsWritten, ct);
        await former.KeepAsync(connection, ct);
        await companies.WriteAsync(connection, firstNewId + people.Added, RowsWritten, ct);
        await ReadAccessFile.WriteAsync(connection, files.ReadAccess, ct);
        await RegistrationsFile.WriteAsync(connection, files.Registrations, ct);
        var (version, identity) = await AddVersionAsync(connection, people.Count, companies.Count, ct);
        await RunAsync(connection, AnalyzeSql, ct);
        var counts = new RegisterCounts(
            version, people.Count, companies.Count, files.ReadAccess.Count, files.Registrations.Count,
            people.Added + companies.Added, people.Removed + companies.Removed);
        await Trail.NoteAsync(connection, Operator.Name, "register_import", null, CountsText(counts), ct);
        await transaction.CommitAsync(ct);
        images?.Write(identity, image!.Build(version, registeredCprs: []), withNames: true);
        return counts;
    }

    static string CountsText(RegisterCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"version {counts.Version}: {counts.People} people, {counts.Companies} companies, {counts.ReadAccess} read-access grants, "
        + $"{counts.Registrations} registrations; {counts.Added} new, {counts.Removed} gone");

    static async Task<KeyedImport> PrepareAsync(
        NpgsqlConnection connection, KeyedTable table, RecordOrder order, RegisterSnapshotBuilder? image,
        CancellationToken ct) =>
        new(table, order, await KnownIds.ReadAsync(connection, table.KnownIdsSql, ct), image);

    static async Task<int> TakeIdsAsync(NpgsqlConnection connection, int count, CancellationToken ct)
    {
        if (count == 0)
        {
            return 0;
        }

        await using var command = new NpgsqlCommand(TakeIdsSql, connection);
        command.Parameters.Add(new() { Value = (long)count, NpgsqlDbType = NpgsqlDbType.Bigint });
        return checked((int)(long)(await command.ExecuteScalarAsync(ct))!);
    }

    static async Task<(long Version, Guid Identity)> AddVersionAsync(
        NpgsqlConnection connection, int people, int companies, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(VersionSql, connection);
        command.Parameters.Add(new() { Value = people, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = companies, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt64(0), row.GetGuid(1));
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        // No limit: it may have to wait for another import, or for readers to finish with the old register.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
