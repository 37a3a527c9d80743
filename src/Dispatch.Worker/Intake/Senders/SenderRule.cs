using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Worker.Intake.Senders;

/// <summary>Whose jobs are accepted. Asked once more in the transaction that accepts: a sender that is closed meanwhile
/// waits for that, or comes first.</summary>
static class SenderRule
{
    const string Sql = "select kind, closed_at is not null, name from dispatch.senders where cvr = $1 for share";

    /// <summary>A sender's own inbox takes that sender's jobs only.</summary>
    /// <exception cref="DispatchException"><c>sender.inbox</c>.</exception>
    public static void DemandInbox(SenderOrder sender, IntakeSetting setting)
    {
        if (setting.OnlySender is { } owner && owner != sender.Cvr)
        {
            throw new DispatchException(
                "sender.inbox",
                $"job.json $.sender.cvr is another sender's than the inbox it lies in, expected {owner}; put it into its "
                + "own sender's inbox");
        }
    }

    /// <exception cref="DispatchException"><c>sender.unknown</c>, <c>sender.closed</c>, <c>sender.kind</c>,
    /// <c>sender.name</c>.</exception>
    public static async Task DemandAsync(
        NpgsqlConnection connection, SenderOrder sender, IntakeSetting setting, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = sender.Cvr, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            if (setting.TakesUnknownSenders)
            {
                return;
            }

            throw new DispatchException(
                "sender.unknown",
                "job.json $.sender.cvr is of nobody who may send, expected a known sender; have an operator add it "
                + "(dispatch sender add) and submit again");
        }

        if (row.GetBoolean(1))
        {
            throw new DispatchException(
                "sender.closed",
                "job.json $.sender.cvr is of a sender that was closed, expected one that may send; have an operator add "
                + "it again (dispatch sender add) and submit again");
        }

        if (row.GetString(0) != sender.Kind)
        {
            throw new DispatchException(
                "sender.kind",
                $"job.json $.sender.kind is '{sender.Kind}', expected '{row.GetString(0)}', as which the sender is known; "
                + "correct it and submit again");
        }

        if (IsBoundByName(setting) && !IsSameName(row.GetString(2), sender.Name))
        {
            throw new DispatchException(
                "sender.name",
                "job.json $.sender.name is another name than the sender was added under, expected that one, as people are "
                + "told of post from it; correct it, or have an operator add the sender again under its new name");
        }
    }

    // Where anybody may send without having been added, whoever submits is the operator, and says who sends.
    static bool IsBoundByName(IntakeSetting setting) => setting.OnlySender is not null || !setting.TakesUnknownSenders;

    static bool IsSameName(string known, string name) =>
        known.Normalize().AsSpan().Trim().SequenceEqual(name.Normalize().AsSpan().Trim());
}
