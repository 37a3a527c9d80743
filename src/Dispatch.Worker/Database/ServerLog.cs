using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>Settings by which a server writes values of rows into its own log: with errors or statements.</summary>
static class ServerLog
{
    // DETAIL names keys and CONTEXT holds lines of a COPY; parameters are the rest of what we send.
    const string TellingSql = """
        select name || ' is ' || current_setting(name)
        from (values
            ('log_error_verbosity', current_setting('log_error_verbosity') <> 'terse'),
            ('log_parameter_max_length_on_error', current_setting('log_parameter_max_length_on_error') <> '0'),
            ('log_parameter_max_length', current_setting('log_parameter_max_length') <> '0'
                and (current_setting('log_statement') in ('mod', 'all')
                    or current_setting('log_min_duration_statement') <> '-1'
                    or current_setting('log_min_duration_sample') <> '-1'
                    or current_setting('log_transaction_sample_rate') <> '0'))
        ) setting(name, tells)
        where tells order by name
        """;

    /// <returns>Those that are set so, each with its value; none when the log holds no values.</returns>
    public static async Task<IReadOnlyList<string>> FindTellingAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(TellingSql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var telling = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            telling.Add(reader.GetString(0));
        }

        return telling;
    }
}
