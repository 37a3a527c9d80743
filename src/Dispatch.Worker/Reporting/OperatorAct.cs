using Dispatch.Routing;
using Npgsql;
using NpgsqlTypes;
using static Dispatch.Worker.Database.SqlValue;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// What one operator does to rows of one job, as one transaction with its events; undone unless committed. Whoever else
/// acts on rows of the job waits at the beginning.
/// </summary>
sealed class OperatorAct : IAsyncDisposable
{
    const string LockJobSql = "select state from dispatch.jobs where job_id = $1 for update";

    const string EffectsSql = """
        select row_no, 'digital' as effect, false as by_operator from mailbox.letters
        where segment = (select segment from dispatch.jobs where job_id = $1) and job_id = $1 and row_no = any($2)
        union all
        select row_no, 'paper', false from dispatch.pieces where job_id = $1 and row_no = any($2)
        union all
        select row_no, 'held', false from dispatch.held where job_id = $1 and row_no = any($2)
        union all
        select row_no, 'refused', reason = 425 from dispatch.refused where job_id = $1 and row_no = any($2)
        """;

    const string EventsSql = """
        insert into dispatch.events (actor, action, job_id, row_no, detail)
        select $3, $4, $1, row_no, detail from unnest($2, $5) e (row_no, detail)
        """;

    readonly string _operator;

    OperatorAct(NpgsqlTransaction transaction, int jobId, string actor)
    {
        (Transaction, JobId, _operator) = (transaction, jobId, actor);
        Connection = transaction.Connection!;
    }

    public NpgsqlConnection Connection { get; }

    public NpgsqlTransaction Transaction { get; }

    public int JobId { get; }

    /// <exception cref="DispatchException"><c>job.unknown</c>, <c>job.cancelled</c>; exit 2.</exception>
    public static async Task<OperatorAct> BeginAsync(NpgsqlDataSource db, int jobId, string actor, CancellationToken ct)
    {
        var connection = await db.OpenConnectionAsync(ct);
        try
        {
            var act = new OperatorAct(await connection.BeginTransactionAsync(ct), jobId, actor);
            await using var command = new NpgsqlCommand(LockJobSql, connection, act.Transaction);
            command.Parameters.Add(Integer(jobId));
            return await command.ExecuteScalarAsync(ct) switch
            {
                null => throw JobName.Unknown($"{jobId}"),
                "cancelled" => throw new DispatchException(
                    "job.cancelled",
                    $"job {jobId} was cancelled; expected a job whose held rows may still be sent; submit "
                    + "them in another job",
                    ExitCode.Usage),
                _ => act,
            };
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary><c>$1</c> is the job, <c>$2</c> the rows, <c>$3</c> the operator, what follows the others.</summary>
    public NpgsqlCommand Command(string sql, IEnumerable<int> rowNos, params NpgsqlParameter[] others)
    {
        var command = new NpgsqlCommand(sql, Connection, Transaction);
        command.Parameters.Add(Integer(JobId));
        command.Parameters.Add(new()
        {
            Value = rowNos.ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer,
        });
        command.Parameters.Add(Text(_operator));
        command.Parameters.AddRange(others);
        return command;
    }

    public async Task ExecuteAsync(
        string sql, IEnumerable<int> rowNos, CancellationToken ct, params NpgsqlParameter[] others)
    {
        await using var command = Command(sql, rowNos, others);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A query for row numbers.</summary>
    public async Task<HashSet<int>> ReadRowsAsync(string sql, IEnumerable<int> rowNos, CancellationToken ct)
    {
        var rows = new HashSet<int>();
        await using var command = Command(sql, rowNos);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            rows.Add(row.GetInt32(0));
        }

        return rows;
    }

    /// <summary>Every effect that stands for these rows.</summary>
    public async Task<List<StandingEffect>> ReadEffectsAsync(IEnumerable<int> rowNos, CancellationToken ct)
    {
        var effects = new List<StandingEffect>();
        await using var command = Command(EffectsSql, rowNos);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            effects.Add(new(row.GetInt32(0), row.GetString(1), row.GetBoolean(2)));
        }

        return effects;
    }

    /// <summary>Writes an event per row to the trail.</summary>
    public Task NoteAsync(string action, IReadOnlyList<(int Row, string Detail)> notes, CancellationToken ct) =>
        ExecuteAsync(EventsSql, notes.Select(note => note.Row), ct, Text(action), new NpgsqlParameter
        {
            Value = notes.Select(note => note.Detail).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        });

    public Task CommitAsync(CancellationToken ct) => Transaction.CommitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}

/// <param name="ByOperator">Refused by an operator, not by a rule.</param>
readonly record struct StandingEffect(int Row, string Effect, bool ByOperator);
