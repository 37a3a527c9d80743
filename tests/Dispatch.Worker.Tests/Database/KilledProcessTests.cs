using System.Diagnostics;

namespace Dispatch.Worker.Tests.Database;

/// <summary>The first start of a data folder, killed with -9 where it hurts; the next one goes on by itself.</summary>
public sealed class KilledProcessTests : IDisposable
{
    static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(2);
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    readonly string _folder = TestServer.NewFolder("killed");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("postgres.new-*/base")] // while the cluster is made
    [InlineData("postgres")] // made, not started
    [InlineData("postgres/postmaster.pid")] // while the server starts
    [InlineData("postgres/.s.PGSQL.5432")] // before its database is made
    public async Task Migrate_KilledOnFirstStart_IsMadeGoodByTheNext(string whenThisAppears)
    {
        using (var killed = Start())
        {
            using var limit = new CancellationTokenSource(StartLimit);
            while (!Appeared(whenThisAppears) && !killed.HasExited)
            {
                await Task.Delay(PollPeriod, limit.Token);
            }

            Assert.False(killed.HasExited, $"ended before '{whenThisAppears}' appeared");
            killed.Kill();
            await killed.WaitForExitAsync();
        }

        using var next = Start();
        var said = await next.StandardOutput.ReadToEndAsync() + await next.StandardError.ReadToEndAsync();
        await next.WaitForExitAsync();

        Assert.True(next.ExitCode == 0, said);
        Assert.False(File.Exists(Path.Combine(_folder, "postgres", "postmaster.pid")), "the server was left running");
    }

    bool Appeared(string pattern)
    {
        var (first, rest) = pattern.Split('/') is [var a, var b] ? (a, b) : (pattern, "");
        return Directory.EnumerateDirectories(_folder, first).Any(
            d => rest.Length == 0 || Path.Exists(Path.Combine(d, rest)));
    }

    Process Start()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "dispatch");
        return Process.Start(new ProcessStartInfo(program, ["migrate", "--data", _folder, "--quiet"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DISPATCH_Database__SharedBuffersMiB"] = "64" },
        })!;
    }
}
