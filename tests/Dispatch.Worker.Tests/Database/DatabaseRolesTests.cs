using Dispatch.Routing;
using Dispatch.Worker.Database;
using Npgsql;

namespace Dispatch.Worker.Tests.Database;

public sealed class DatabaseRolesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData("plain")]
    [InlineData("O'Brian \"the\" \\ $$ Æble")]
    public async Task ScriptForAdministrator_AnyLogin_LetsItTakeTheRolesAndNoMore(string name)
    {
        var login = $"{name} {Guid.NewGuid():N}";
        await using var superuser = await database.OpenAsSuperuserAsync();
        var quoted = await AskAsync<string>(superuser, "select quote_ident($1)", login);
        await RunAsync(superuser, $"create role {quoted} login");
        try
        {
            for (var i = 0; i < 2; i++)
            {
                await RunAsync(superuser, DatabaseRoles.ScriptForAdministrator(login, superuser.Database));
            }

            Assert.Equal(
                [DatabaseRoles.Reader, DatabaseRoles.Worker],
                await AskAsync<string[]>(
                    superuser,
                    """
                    select array(select roleid::regrole::text from pg_auth_members
                                 where member = quote_ident($1)::regrole order by 1)
                    """,
                    login));
        }
        finally
        {
            await RunAsync(superuser, $"revoke all on database {superuser.Database} from {quoted}; drop role {quoted}");
        }
    }

    [Fact]
    public async Task EnsureAsync_LoginThatMayNotTakeThem_SaysWhatToDo()
    {
        // The worker itself is a login like any other here: it may neither become the reader nor make anything.
        (bool, string)[] remedies = [(false, "run 'dispatch migrate'"), (true, "dispatch migrate --print-roles")];
        foreach (var (mayMake, remedy) in remedies)
        {
            var fault = await Assert.ThrowsAsync<DispatchException>(
                () => DatabaseRoles.EnsureAsync(database.DataSource, mayMake, CancellationToken.None));

            Assert.Equal(("database.roles", ExitCode.Configuration), (fault.Code, fault.Exit));
            Assert.Contains("the roles dispatch_reader,", fault.Message, StringComparison.Ordinal);
            Assert.Contains(remedy, fault.Message, StringComparison.Ordinal);
        }
    }

    static async Task<T> AskAsync<T>(NpgsqlConnection connection, string sql, string value)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
