using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Database;

/// <summary>Writes events to the trail: who did what when, never about whom. The database numbers, times and chains
/// them.</summary>
static class Trail
{
    const string Sql = "insert into dispatch.events (actor, action, job_id, detail) values ($1, $2, $3, $4)";

    // The configuration is told when it is another than last time.
    const string ChangedSql = """
        insert into dispatch.events (actor, action, detail)
        select $1, $2, $3
        where $3 is distinct from
              (select detail from dispatch.events where action = 'configuration' order by event_no desc limit 1)
        """;

    /// <summary>An event of its own transaction.</summary>
    public static async Task NoteAsync(
        NpgsqlDataSource database, string actor, string action, int? jobId, string detail, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await NoteAsync(connection, actor, action, jobId, detail, ct);
    }

    /// <summary>An event of the transaction the connection is in. Last in it: whoever else has something to note waits
    /// until it ends.</summary>
    public static async Task NoteAsync(
        NpgsqlConnection connection, string actor, string action, int? jobId, string detail, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(Text(actor));
        command.Parameters.Add(Text(action));
        command.Parameters.Add(new() { Value = (object?)jobId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(Text(detail));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes the configuration a command works with, when it is not the one noted last.</summary>
    public static async Task NoteConfigurationAsync(
        NpgsqlDataSource database, string actor, string detail, CancellationToken ct)
    {
        await using var command = database.CreateCommand(ChangedSql);
        command.Parameters.Add(Text(actor));
        command.Parameters.Add(Text("configuration"));
        command.Parameters.Add(Text(detail));
        await command.ExecuteNonQueryAsync(ct);
    }
}
