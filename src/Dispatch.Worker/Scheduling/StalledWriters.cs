using System.Globalization;
using Dispatch.Worker.Database;
using Dispatch.Worker.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Scheduling;

/// <summary>
/// Ends sessions whose process froze in the middle of a transaction that others wait for. Nothing is lost by it: a
/// chunk that had not committed is done by whoever has its lease now, and a process that wakes up finds its connection
/// closed.
/// </summary>
/// <param name="patience">How long such a session may do nothing at all, whether others wait all that time or come and
/// go: longer than a lease, so that one that is only slow is left alone.</param>
sealed class StalledWriters(NpgsqlDataSource database, TimeProvider clock, TimeSpan patience)
{
    readonly Standstill<StalledWriter> _standstill = new(clock, patience);
    int _unnoted;
    Task _note = Task.CompletedTask;

    /// <summary>One look. It waits for no lock.</summary>
    /// <returns>How many were ended.</returns>
    public async Task<int> EndAsync(CancellationToken ct)
    {
        var ended = 0;
        var writers = await ListAsync(ct);
        foreach (var writer in _standstill.Find(writers.Keys, writer => writers[writer]))
        {
            if (await EndAsync(writer, ct))
            {
                ended++;
                Interlocked.Increment(ref _unnoted);
            }
        }

        Note();
        return ended;
    }

    /// <summary>Waits until the trail tells of all that were ended, or until the token says that it must do
    /// without.</summary>
    public async Task FinishAsync(CancellationToken giveUp)
    {
        await _note.WaitAsync(giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Note();
        await _note.WaitAsync(giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Not waited for by the look: the next one that froze may hold the trail, and is found because this waits for it.
    void Note()
    {
        if (_note.IsCompleted && Volatile.Read(ref _unnoted) is > 0 and var ended)
        {
            _note = NoteAsync(ended);
        }
    }

    async Task NoteAsync(int ended)
    {
        try
        {
            await Trail.NoteAsync(
                database, Operator.Name, "end_session", null,
                string.Create(CultureInfo.InvariantCulture, $"{ended} of ours, frozen while others waited"), default);
            Interlocked.Add(ref _unnoted, -ended);
        }
        catch (NpgsqlException)
        {
            // The next look notes them.
        }
    }

    // Those that stand still, each with whether others wait for it.
    async Task<Dictionary<StalledWriter, bool>> ListAsync(CancellationToken ct)
    {
        var writers = new Dictionary<StalledWriter, bool>();
        await using var command = database.CreateCommand(
            "select pid, mark, is_waited_for from dispatch.stalled_writers()");
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            writers.Add(new(row.GetInt32(0), row.GetString(1)), row.GetBoolean(2));
        }

        return writers;
    }

    async Task<bool> EndAsync(StalledWriter writer, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select dispatch.end_stalled_writer($1, $2)");
        command.Parameters.Add(new() { Value = writer.Pid, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = writer.Mark, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <param name="Mark">The same while it does nothing.</param>
    readonly record struct StalledWriter(int Pid, string Mark);
}
