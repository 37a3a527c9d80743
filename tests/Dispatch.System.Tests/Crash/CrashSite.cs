using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Crash;

/// <summary>An installation that is put back, file by file, to how it was before the job.</summary>
sealed class CrashSite(string name)
{
    public Site Site { get; } = new(name);

    string Kept => $"{Site.Data}.kept";

    /// <summary>Keeps the data folder, register imported and server stopped, as the start of every trial.</summary>
    public async Task KeepAsync()
    {
        await Site.StopAsync();
        await CopyAsync(Site.Data, Kept);
    }

    public async Task PutBackAsync()
    {
        await Site.StopAsync();
        (await Command.RunAsync("rm", ["-rf", Site.Data])).Expect(0);
        await CopyAsync(Kept, Site.Data);
    }

    /// <summary>Everything a finished job left: its totals, each row's effect, and each file for the print house.</summary>
    public async Task<string> OutcomeAsync(string key)
    {
        var jobId = await Site.JobIdAsync(key);
        var effects = await Site.QueryAsync(
            """
            select count(*), count(distinct row_no), min(row_no), max(row_no),
                   md5(string_agg(row_no || ' ' || effect || ' ' || reason, ',' order by row_no, effect))
            from ops.effects where job_id = $1
            """,
            jobId);
        var ledger = await Site.QueryAsync(
            "select rows, digital, paper, held, refused, balanced from ops.job_ledger where job_id = $1", jobId);
        var batches = await Site.QueryAsync(
            "select name, pieces, pages, sheets, sha256, state, attempt from ops.print_batches where job_id = $1 order by name",
            jobId);
        var files = Directory.GetFiles(Site.Outbox, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => $"{Path.GetFileName(f)} {HashOf(f)}");
        return string.Join('\n', effects.Concat(ledger).Concat(batches).Select(r => string.Join(' ', r)).Concat(files));
    }

    /// <summary>A ticket names the time its batch was planned, which differs: of tickets, the name alone.</summary>
    static string HashOf(string file) =>
        file.EndsWith(".ticket.json", StringComparison.Ordinal) ? "ticket" : Paper.PrintBatch.Sha256(file);

    static async Task CopyAsync(string from, string to) => (await Command.RunAsync("cp", ["-a", from, to])).Expect(0);
}
