using Dispatch.System.Tests.Running;
using Npgsql;

namespace Dispatch.System.Tests.Faults;

/// <summary>F45: an index of the server's that no longer is one.</summary>
static class DamageFaults
{
    const int PageBytes = 8192;
    const int HeaderBytes = 24;

    const string PrimaryKey = """
        select indexrelid::regclass::text, pg_relation_filepath(indexrelid) from pg_index
        where indrelid = 'dispatch.chunks'::regclass and indisprimary
        """;

    // As ops/runbook.md has it.
    const string Check = """
        create extension if not exists amcheck;
        select c.oid::regclass, bt_index_check(c.oid) from pg_class c join pg_am a on a.oid = relam
        where relkind = 'i' and amname = 'btree'
          and relnamespace in ('dispatch'::regnamespace, 'mailbox'::regnamespace);
        """;

    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("F45", "the pages of an index damaged on the disk, then the index made again", DamagedAsync),
    ];

    static async Task<string> DamagedAsync(FaultRun run)
    {
        await run.SomewhereAsync(0.1, 0.5);
        var index = (await run.Site.QueryAsAsync("postgres", PrimaryKey))[0];
        await run.World.Cluster.StopServerAsync("fast");
        Damage(Path.Combine(run.World.Cluster.Folder, "cluster", index[1]!), run.Random);
        await run.StartServerAsync();
        await Until.TrueAsync("a word about it", FaultRun.EndLimit, async () =>
            run.LogSays("database.damaged") || await run.IsCompletedAsync());
        Assert.True(run.LogSays("database.damaged"));
        var told = (await run.Site.RunAsync("run", run.World.Job)).ExpectError(1, "database.damaged");
        await Assert.ThrowsAsync<PostgresException>(() => run.World.Cluster.AdministerAsync(Check, run.Database));
        await run.World.Cluster.AdministerAsync($"reindex index {index[0]}", run.Database);
        await run.World.Cluster.AdministerAsync(Check, run.Database);
        return $"{told.ErrorCode}, exit {told.ExitCode}";
    }

    // All but the first, which only says where the tree begins: their headers are no headers any more.
    static void Damage(string path, Random random)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        var noise = new byte[HeaderBytes];
        for (long page = PageBytes; page < file.Length; page += PageBytes)
        {
            random.NextBytes(noise);
            file.Position = page;
            file.Write(noise);
        }
    }
}
