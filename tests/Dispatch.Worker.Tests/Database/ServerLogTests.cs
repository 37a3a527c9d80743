using Dispatch.Worker.Database;

namespace Dispatch.Worker.Tests.Database;

public sealed class ServerLogTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    static readonly string[] Quiet =
    [
        "log_error_verbosity = terse", "log_parameter_max_length = 0", "log_parameter_max_length_on_error = 0",
        "log_min_duration_statement = 0",
    ];

    [Fact]
    public async Task FindTellingAsync_SettingsByWhichRowsReachTheLog_NamesThem()
    {
        await SetAsync(Quiet);
        Assert.Equal([], await FindAsync());

        await SetAsync(
            "log_error_verbosity = verbose", "log_parameter_max_length = -1", "log_parameter_max_length_on_error = 64");
        Assert.Equal(
            [
                "log_error_verbosity is verbose", "log_parameter_max_length is -1",
                "log_parameter_max_length_on_error is 64B",
            ],
            await FindAsync());

        // Parameters of statements that are not logged are not either.
        await SetAsync([.. Quiet[..1], .. Quiet[2..3], "log_min_duration_statement = -1"]);
        Assert.Equal([], await FindAsync());
        await SetAsync("log_statement = mod");
        Assert.Equal(["log_parameter_max_length is -1"], await FindAsync());
    }

    async Task<IReadOnlyList<string>> FindAsync()
    {
        await using var worker = database.As("dispatch_worker", 1);
        return await ServerLog.FindTellingAsync(worker, default);
    }

    async Task SetAsync(params string[] settings)
    {
        await using var connection = await database.OpenAsSuperuserAsync();
        foreach (var setting in settings)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"alter database \"{connection.Database}\" set {setting}";
            await command.ExecuteNonQueryAsync();
        }
    }
}
