using Npgsql;

namespace Dispatch.Worker.Tests.Reporting;

sealed class ReportingDatabase : IAsyncDisposable
{
    const string Server = "Host=/tmp/pg-report;Username=postgres;Maximum Pool Size=8";

    ReportingDatabase(string name)
    {
        Name = name;
        DataSource = NpgsqlDataSource.Create(Server + ";Database=" + name);
    }

    public string Name { get; }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<ReportingDatabase> CreateAsync()
    {
        var name = "t_" + Guid.NewGuid().ToString("N");
        await using var server = NpgsqlDataSource.Create(Server + ";Database=postgres;Pooling=false");
        await using (var create = server.CreateCommand($"create database {name}"))
        {
            await create.ExecuteNonQueryAsync();
        }

        var database = new ReportingDatabase(name);
        await using var stream = typeof(Dispatch.Worker.Reporting.JobReport).Assembly
            .GetManifestResourceStream("Dispatch.Worker.Database.Migrations.0001_schema.sql")!;
        using var reader = new StreamReader(stream);
        await using var schema = database.DataSource.CreateCommand(await reader.ReadToEndAsync());
        await schema.ExecuteNonQueryAsync();
        foreach (var reason in Dispatch.Routing.Rules.Reasons.All)
        {
            await using var row = database.DataSource.CreateCommand(
                $"insert into dispatch.reasons values ({(short)reason}, '{Dispatch.Routing.Rules.Reasons.Effect(Dispatch.Routing.Rules.Reasons.Channel(reason))}', '{Dispatch.Routing.Rules.Reasons.Code(reason)}')");
            await row.ExecuteNonQueryAsync();
        }

        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await using var server = NpgsqlDataSource.Create(Server + ";Database=postgres;Pooling=false");
        await using var drop = server.CreateCommand($"drop database {Name} with (force)");
        await drop.ExecuteNonQueryAsync();
    }
}
