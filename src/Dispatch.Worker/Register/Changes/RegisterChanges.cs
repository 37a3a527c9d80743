using System.Globalization;
using Dispatch.Routing;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Register.Changes;

/// <summary>
/// Changes the register as of a day: what a folder says, and what waited for that day, in one transaction. Changes are
/// applied on their local date; those of a day to come wait for it.
/// </summary>
static class RegisterChanges
{
    const string NoteFileSql =
        """
        insert into register.change_files (name, sha256, recorded_by) values ($1, $2, $3)
        on conflict do nothing returning file_no
        """;

    const string CountFilesSql =
        """
        update register.change_files f set changes = s.changes
        from (select file_no, count(*)::int as changes from register.staged_changes group by 1) s
        where f.file_no = s.file_no
        """;

    const string IsDueSql =
        "select exists (select from register.pending_changes where effective_at < $1 and fault is null)";

    const string VersionSql = "select coalesce(max(version), 0) from register.versions";

    /// <summary>Takes a folder of changes in, and applies what is due.</summary>
    /// <param name="folder">Any of people.csv, companies.csv, read_access.csv, registrations.csv.</param>
    /// <param name="rowsRead">Told how many lines were read since the last time.</param>
    /// <exception cref="DispatchException"><c>register.*</c>: the first fault; nothing was changed.</exception>
    public static async Task<ChangeCounts> ImportAsync(
        NpgsqlDataSource db, string folder, DateTimeOffset now, Action<int> rowsRead, CancellationToken ct)
    {
        var files = await Task.Run(() => ChangeFile.Find(folder), ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var staged = new StagedChanges(connection, DanishDay.EndUtc(now));
        await staged.BeginAsync(ct);
        var known = new Dictionary<int, ChangeFile>();
        foreach (var file in files)
        {
            // A file with the same bytes was taken in whole.
            if (await NoteFileAsync(connection, file, ct) is { } fileNo)
            {
                known.Add(fileNo, file);
                await file.StageAsync(connection, fileNo, rowsRead, ct);
            }
        }

        await staged.AnalyzeAsync(ct);
        var dropped = await staged.DropKnownAsync(ct);
        Demand(await ChangeChecks.FindOrderFaultAsync(connection, ct), known);
        await RunAsync(connection, CountFilesSql, ct);
        var waiting = await staged.KeepForLaterAsync(ct);
        var counts = await ApplyAsync(connection, staged, known, ct) with { Waiting = waiting, Known = dropped };
        await Trail.NoteAsync(connection, Operator.Name, "register_changes", null, Text(counts), ct);
        await transaction.CommitAsync(ct);
        return counts;
    }

    /// <summary>Applies what waited for today, if anything did.</summary>
    public static async Task<ChangeCounts> ApplyDueAsync(
        NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var isDue = new NpgsqlCommand(IsDueSql, connection);
        isDue.Parameters.Add(new() { Value = DanishDay.EndUtc(now), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        if (await isDue.ExecuteScalarAsync(ct) is not true)
        {
            return new(await VersionAsync(connection, ct), 0, 0, 0, 0);
        }

        var staged = new StagedChanges(connection, DanishDay.EndUtc(now));
        await staged.BeginAsync(ct);
        var counts = await ApplyAsync(connection, staged, [], ct);
        await Trail.NoteAsync(connection, Operator.Name, "register_changes", null, Text(counts), ct);
        await transaction.CommitAsync(ct);
        return counts;
    }

    static async Task<ChangeCounts> ApplyAsync(
        NpgsqlConnection connection, StagedChanges staged, Dictionary<int, ChangeFile> files, CancellationToken ct)
    {
        var taken = await staged.TakeDueAsync(ct);
        Demand(await ChangeChecks.FindUnknownAsync(connection, ct), files);
        await staged.OrderAsync(ct);
        var setAside = 0;
        while (await ChangeChecks.FindGuardianLoopAsync(connection, ct) is { } fault)
        {
            Demand(fault.IsKept ? null : fault, files);
            await staged.SetAsideAsync(fault, ct);
            await staged.OrderAsync(ct);
            setAside++;
        }

        var applied = await staged.CountAsync(ct);
        var version = applied.Count > 0
            ? await ChangeApplication.RunAsync(connection, applied.Keys, ct)
            : await VersionAsync(connection, ct);
        if (taken > 0)
        {
            await staged.DropTakenAsync(ct);
        }

        await staged.EndAsync(ct);
        return new(version, applied.Values.Sum(), 0, 0, setAside);
    }

    static void Demand(ChangeFault? fault, Dictionary<int, ChangeFile> files)
    {
        if (fault is not null)
        {
            throw ChangeChecks.Refusal(fault, files[fault.FileNo]);
        }
    }

    static async Task<int?> NoteFileAsync(NpgsqlConnection connection, ChangeFile file, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(NoteFileSql, connection);
        command.Parameters.Add(new() { Value = file.Kind.FileName, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = file.Sha256, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = Operator.Name, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(ct) as int?;
    }

    static async Task<long> VersionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(VersionSql, connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    static string Text(ChangeCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"version {counts.Version}: {counts.Applied} changes applied, {counts.Waiting} wait for their day, "
        + $"{counts.Known} known before, {counts.SetAside} set aside");
}
