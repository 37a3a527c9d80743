using Npgsql;

namespace Dispatch.Worker.Printing;

/// <summary>
/// To which print houses files were handed by folder. Such a folder that is missing is gone, perhaps with a share that
/// is not mounted: files put into a new one in its place would never be taken.
/// </summary>
static class OutboxHistory
{
    const string Sql = """
        select distinct print_house from dispatch.batches
        where handoff_started_at is not null and handoff_target is null
        """;

    public static async Task<IReadOnlySet<string>> ReadAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(Sql);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var houses = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancel))
        {
            houses.Add(row.GetString(0));
        }

        return houses;
    }
}
