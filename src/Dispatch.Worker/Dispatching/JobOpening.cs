using Dispatch.PrintExport.Handoff;
using Dispatch.PrintExport.Pdf;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Security;
using Npgsql;

namespace Dispatch.Worker.Dispatching;

/// <summary>Opens accepted jobs: their letter laid out, their key unwrapped, their list and the register at hand.</summary>
sealed class JobOpening(
    NpgsqlDataSource database, DataFolder data, KeyRing keys, FontSet fonts, RegisterAccess register)
{
    /// <summary>A job with what its chunks are routed with.</summary>
    public async Task<OpenJob> OpenAsync(AcceptedJob job, CancellationToken ct)
    {
        var releaseDate = job.ReleaseDate ?? DanishTime.DateOf(await NowAsync(ct));
        var layout = await JobLetter.LayOutAsync(database, job, releaseDate, fonts, ct);
        var routing = JobRouting.Of(job.Order, job.Columns, layout, releaseDate);
        var key = await job.OpenKeyAsync(keys, ct);
        try
        {
            var list = SpooledList.Open(SpooledList.PathOf(data.Spool, job.ListFile));
            return new(job, routing, key, list, ViewOf(job.Order, routing, job.Chunks, new ListSource(list, key)));
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The register for a job: everybody, or for a short list those it names.</summary>
    public RegisterView ViewOf(JobOrder order, JobRouting routing, IReadOnlyList<JobChunk> chunks, ListSource source)
    {
        var sender = JobRouting.PrivateSenderOf(order);
        var rows = chunks.Sum(chunk => (long)chunk.Rows);
        return new RegisterView(register.Version, async ct =>
        {
            if (rows >= await register.Count(ct) * ListNumbers.RegisterShareMax)
            {
                return await register.Load(routing.Columns.PrintsName, sender, ct);
            }

            var numbers = ListNumbers.Read(source, chunks, routing.Separator, routing.Columns.Recipient);
            return await register.LoadFor(numbers.Cprs, numbers.Cvrs, routing.Columns.PrintsName, sender, ct);
        });
    }

    /// <summary>The database's clock: all machines of a cluster go by it.</summary>
    public async Task<DateTimeOffset> NowAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select clock_timestamp()");
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!, TimeSpan.Zero);
    }
}
