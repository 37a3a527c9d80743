namespace Dispatch.System.Tests.Running;

/// <summary>
/// The program as users get it: named by DISPATCH_PROGRAM, else published once for the whole test run.
/// </summary>
static class PublishedProgram
{
    static readonly Lazy<Task<string>> Found = new(FindAsync);

    public static Task<string> PathAsync => Found.Value;

    static async Task<string> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("DISPATCH_PROGRAM") is { Length: > 0 } given)
        {
            Assert.True(File.Exists(given), $"DISPATCH_PROGRAM names '{given}', which does not exist.");
            return Path.GetFullPath(given);
        }

        var folder = TestFolder.Create("program");
        var published = await Command.RunAsync(
            "dotnet",
            [
                "publish", Path.Combine(TestFolder.Repository, "src/Dispatch.Worker"), "-c", "Release", "-o", folder,
                "--nologo",
            ],
            timeout: TimeSpan.FromMinutes(5));
        Assert.True(published.ExitCode == 0, published.Output + published.Error);
        return Path.Combine(folder, "dispatch");
    }
}
