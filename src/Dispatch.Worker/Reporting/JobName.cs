using System.Globalization;
using Dispatch.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Reporting;

/// <summary>JOB on the command line: the job's id, or <c>SENDERCVR/REFERENCE</c>.</summary>
static class JobName
{
    const string FindSql = """
        select job_id from dispatch.jobs
        where job_id = $1 or (sender_cvr = $2 and reference = $3)
        """;

    /// <exception cref="DispatchException"><c>job.unknown</c>.</exception>
    public static async Task<int> ResolveAsync(NpgsqlDataSource db, string name, CancellationToken ct)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var id = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        await using var command = db.CreateCommand(FindSql);
        command.Parameters.Add(new() { Value = id, NpgsqlDbType = NpgsqlDbType.Integer });
        foreach (var part in slash < 0 ? ["", ""] : new[] { name[..slash], name[(slash + 1)..] })
        {
            command.Parameters.Add(new() { Value = part, NpgsqlDbType = NpgsqlDbType.Text });
        }

        return await command.ExecuteScalarAsync(ct) is int jobId ? jobId : throw Unknown(name);
    }

    public static DispatchException Unknown(string name) => new(
        "job.unknown",
        $"no job '{name}'; expected a job's id or SENDERCVR/REFERENCE; 'dispatch status' lists the jobs",
        ExitCode.Usage);
}
