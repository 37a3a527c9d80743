using System.Globalization;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Retention;

/// <summary>
/// Two operators must want less to be kept than dispatch keeps by itself: what a purge takes, nobody can give back.
/// Agreed once, it stays agreed.
/// </summary>
sealed class PurgeApproval(NpgsqlDataSource database, string actor)
{
    const string AgreedSql = "select dispatch.agreed_days($1)";

    const string VoteSql = """
        insert into dispatch.retention_votes (class, days, operator, reason) values ($1, $2, $3, $4)
        on conflict do nothing
        """;

    /// <summary>Whether a class may be purged after as many days as it says.</summary>
    public async Task<bool> IsAgreedAsync(PurgeClass purged, CancellationToken ct)
    {
        await using var command = database.CreateCommand(AgreedSql);
        command.Parameters.Add(Text(purged.Name));
        return purged.Days >= (await command.ExecuteScalarAsync(ct) as int? ?? 0);
    }

    /// <summary>Notes that this operator wants what the settings say, where two must.</summary>
    /// <returns>The classes it concerns.</returns>
    public async Task<IReadOnlyList<AgreedClass>> VoteAsync(
        RetentionSettings settings, string reason, CancellationToken ct)
    {
        var voted = new List<AgreedClass>();
        foreach (var purged in PurgeClass.All(settings))
        {
            if (!await IsAgreedAsync(purged, ct))
            {
                await VoteAsync(purged, reason, ct);
                voted.Add(new(purged.Name, purged.Days, await IsAgreedAsync(purged, ct)));
            }
        }

        return voted;
    }

    async Task VoteAsync(PurgeClass purged, string reason, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var vote = new NpgsqlCommand(VoteSql, connection);
        vote.Parameters.Add(Text(purged.Name));
        vote.Parameters.Add(new() { Value = purged.Days, NpgsqlDbType = NpgsqlDbType.Integer });
        vote.Parameters.Add(Text(actor));
        vote.Parameters.Add(Text(reason));
        if (await vote.ExecuteNonQueryAsync(ct) == 1)
        {
            var detail = string.Create(
                CultureInfo.InvariantCulture, $"{purged.Name} after {purged.Days} days: {reason}");
            await Trail.NoteAsync(connection, actor, "purge_approve", null, detail, ct);
        }

        await transaction.CommitAsync(ct);
    }
}

/// <param name="IsAgreed">False: another operator must want it too.</param>
sealed record AgreedClass(string Class, int Days, bool IsAgreed);
