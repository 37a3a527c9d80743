using System.Diagnostics;
using Dispatch.LoadRun.Engines;
using Dispatch.Worker.Database;
using Npgsql;

namespace Dispatch.LoadRun.Limits;

/// <summary>
/// The server's own limit: finished letters copied in by two connections, a chunk a commit, with nothing to wait for on
/// this side but the encoding. The table is a leaf of the mailbox but for its key, which it has or not.
/// </summary>
sealed class CopyLimits(ServerUnderTest server, int letters)
{
    const int Connections = 2;

    const string Table = """
        create schema peer;
        create table peer.letters (
            segment int not null, job_id int not null, row_no int not null, person_id int not null,
            reason smallint not null, facts int not null, available_at timestamptz not null default now(),
            sealed bytea not null, check (segment = 1));
        """;

    const string Key = "alter table peer.letters add primary key (job_id, row_no)";
    const string Index = "create index on peer.letters (person_id, available_at desc)";

    const string Copy =
        "copy peer.letters (segment, job_id, row_no, person_id, reason, facts, sealed) from stdin (format binary)";

    int _chunk;

    public static async Task<IReadOnlyList<MachineLimit>> MeasureAsync(string dataFolder, int letters)
    {
        await using var server = await ServerUnderTest.StartAsync(dataFolder);
        var copies = new CopyLimits(server, letters);
        var (plain, keyed, index) = (TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < MachineLimits.Rounds; round++)
        {
            plain = Shorter(plain, await copies.FillAsync(Table));
            keyed = Shorter(keyed, await copies.FillAsync($"{Table}{Key}"));
            index = Shorter(index, await copies.ExecuteAsync(Index));
        }

        await server.SettleAsync();
        MachineLimit Limit(string stage, string work, TimeSpan time) =>
            new(stage, work, letters / time.TotalSeconds, "letters", letters);
        return
        [
            Limit("letters copied", "COPY by two connections into a table without key or index", plain),
            Limit("letters copied, with the key", "the same into a table with the letters' primary key", keyed),
            Limit("the mailbox's index", "built over the full table", index),
        ];
    }

    static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    async Task<TimeSpan> FillAsync(string makeTable)
    {
        await server.SettleAsync();
        await ExecuteAsync(makeTable);
        _chunk = -1;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(FillChunksAsync)));
        return watch.Elapsed;
    }

    async Task FillChunksAsync()
    {
        await using var database = NpgsqlDataSource.Create(server.ConnectionString);
        await using var connection = await database.OpenConnectionAsync();
        using var rows = new CopyBuffer(MachineLimits.ChunkRows * (MachineLimits.SealedBytes + 64));
        var noise = new byte[1 << 16];
        Random.Shared.NextBytes(noise);
        while (Interlocked.Increment(ref _chunk) is var chunk && (long)chunk * MachineLimits.ChunkRows < letters)
        {
            Encode(rows, noise, chunk * MachineLimits.ChunkRows);
            await using var stream = await connection.BeginRawBinaryCopyAsync(Copy);
            await stream.WriteAsync(rows.Finish());
        }
    }

    // Sealed values look like chance: nothing in them repeats that a server could store in fewer bytes.
    void Encode(CopyBuffer rows, byte[] noise, int first)
    {
        rows.Clear();
        for (var row = first; row < Math.Min(letters, first + MachineLimits.ChunkRows); row++)
        {
            rows.StartRow(7);
            rows.Int32(1);
            rows.Int32(1);
            rows.Int32(row);
            rows.Int32(unchecked((int)((uint)row * 2_654_435_761)) & int.MaxValue);
            rows.Int16(1);
            rows.Int32(row);
            rows.Bytes(noise.AsSpan(row % (noise.Length - MachineLimits.SealedBytes), MachineLimits.SealedBytes));
        }
    }

    async Task<TimeSpan> ExecuteAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        var watch = Stopwatch.StartNew();
        await command.ExecuteNonQueryAsync();
        return watch.Elapsed;
    }
}
