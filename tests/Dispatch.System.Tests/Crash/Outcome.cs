using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Crash;

/// <summary>What a job left behind, as one text: two sends of the same job are compared by it.</summary>
static class Outcome
{
    /// <summary>Everything a finished job left: its totals, each row's effect, and each file for the print
    /// house.</summary>
    public static async Task<string> OfAsync(Site site, string key)
    {
        var jobId = await site.JobIdAsync(key);
        var effects = await site.QueryAsync(
            """
            select count(*), count(distinct row_no), min(row_no), max(row_no),
                   md5(string_agg(row_no || ' ' || effect || ' ' || reason, ',' order by row_no, effect))
            from ops.effects where job_id = $1
            """,
            jobId);
        var ledger = await site.QueryAsync(
            "select rows, digital, paper, held, refused, balanced from ops.job_ledger where job_id = $1", jobId);
        var batches = await site.QueryAsync(
            "select name, pieces, pages, sheets, sha256, state, attempt from ops.print_batches where job_id = $1 order by name",
            jobId);
        var files = Directory.GetFiles(site.Outbox, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => $"{Path.GetFileName(f)} {HashOf(f)}");
        return string.Join('\n', effects.Concat(ledger).Concat(batches).Select(r => string.Join(' ', r)).Concat(files));
    }

    /// <summary>A ticket names the time its batch was planned, which differs: of tickets, the name alone.</summary>
    static string HashOf(string file) =>
        file.EndsWith(".ticket.json", StringComparison.Ordinal) ? "ticket" : Paper.PrintBatch.Sha256(file);
}
