using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Scheduling;

/// <summary>The workers there are, each with a line of its own that it keeps fresh.</summary>
sealed class NodeTable(NpgsqlDataSource database)
{
    const string BeatSql = """
        insert into dispatch.nodes as n (node, gate, gate_since)
        values ($1, $2, case when $2 <> '' then clock_timestamp() end)
        on conflict (node) do update
        set seen_at = clock_timestamp(), gate = $2,
            gate_since = case when $2 = '' then null when n.gate = $2 then n.gate_since else clock_timestamp() end
        """;

    // Those that were killed are forgotten after a while.
    const string ForgetSql = "delete from dispatch.nodes where seen_at < clock_timestamp() - interval '1 hour'";

    const string AliveSql = """
        select node, started_at, gate, gate_since from dispatch.nodes
        where seen_at > clock_timestamp() - interval '20 s' order by started_at, node
        """;

    // Without the number of the process and what makes it unique; who missed a few beats is gone, or frozen.
    const string CountOnSql = """
        select count(*)::int from dispatch.nodes
        where regexp_replace(node, '-[0-9]+-[0-9a-f]+$', '') = $1 and seen_at > clock_timestamp() - interval '10 s'
        """;

    public async Task BeatAsync(string node, Gate gate, CancellationToken ct)
    {
        await using var beat = database.CreateCommand(BeatSql);
        beat.Parameters.Add(new() { Value = node, NpgsqlDbType = NpgsqlDbType.Text });
        beat.Parameters.Add(new() { Value = gate.Stored, NpgsqlDbType = NpgsqlDbType.Text });
        await beat.ExecuteNonQueryAsync(ct);
        await using var forget = database.CreateCommand(ForgetSql);
        await forget.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Workers that are heard of, on a machine.</summary>
    public async Task<int> CountOnAsync(string machine, CancellationToken ct)
    {
        await using var command = database.CreateCommand(CountOnSql);
        command.Parameters.Add(new() { Value = machine, NpgsqlDbType = NpgsqlDbType.Text });
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The worker ends. Where that cannot be told it is forgotten later.</summary>
    public async Task LeaveAsync(string node)
    {
        try
        {
            await using var command = database.CreateCommand("delete from dispatch.nodes where node = $1");
            command.Parameters.Add(new() { Value = node, NpgsqlDbType = NpgsqlDbType.Text });
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The end must not fail because of this.
        }
    }

    /// <summary>Workers alive, whether they take work or not.</summary>
    public async Task<IReadOnlyList<Node>> ListAliveAsync(CancellationToken ct)
    {
        var nodes = new List<Node>();
        await using var command = database.CreateCommand(AliveSql);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var gate = Gate.Of(row.GetString(2));
            nodes.Add(new(
                row.GetString(0), row.GetDateTime(1), gate.Code, gate.Folders, row[3] as DateTime?));
        }

        return nodes;
    }
}
