using System.Text.Json.Nodes;
using Dispatch.Routing;
using Dispatch.Routing.Register;
using Dispatch.Worker.Diagnostics;
using Dispatch.Worker.Register.Enrolments;
using Npgsql;

namespace Dispatch.Worker.Register.Changes;

/// <summary>Exempts a person from Digital Post, or lifts it. No reason is asked for or kept, and there is no end date.
/// </summary>
static class Exemption
{
    /// <summary>The change, and the letter that confirms it.</summary>
    /// <param name="number">The person's CPR number, as it was typed.</param>
    /// <param name="isExempt">True grants, false lifts.</param>
    /// <param name="onBehalfOf">Who asks, when it is not the person: <c>guardian</c> or <c>power-of-attorney</c>.
    /// </param>
    /// <param name="printsReceived">What is in the person's mailbox goes out on paper too.</param>
    /// <returns>The version of the register; null when it was so already.</returns>
    /// <exception cref="DispatchException"><c>person.number</c>, <c>person.unknown</c>, <c>person.no_guardian</c>; exit
    /// 2.</exception>
    public static Task<long?> SetAsync(
        NpgsqlDataSource db, string number, bool isExempt, string? onBehalfOf, bool printsReceived, DateTimeOffset now,
        CancellationToken ct)
    {
        var command = $"exemption {(isExempt ? "grant" : "lift")}{(onBehalfOf is null ? "" : $" ({onBehalfOf})")}"
            + (printsReceived ? ", with what was received" : "");
        return CommandChange.RunAsync(
            db, command, now,
            (connection, token) => FindAsync(connection, number, isExempt, onBehalfOf, token),
            async (connection, fileNo, token) =>
            {
                var kind = isExempt ? "exemption-receipt" : "exemption-lifted";
                await OwnLetters.AddAsync(connection, kind, fileNo, DanishDay.Of(now), token);
                if (printsReceived)
                {
                    await PrintOuts.AddAsync(connection, fileNo, DanishDay.Of(now), Operator.Name, token);
                }
            },
            ct);
    }

    static async Task<OneChange?> FindAsync(
        NpgsqlConnection connection, string number, bool isExempt, string? onBehalfOf, CancellationToken ct)
    {
        var person = await RegisteredPerson.FindAsync(connection, number, ct);
        if (onBehalfOf == "guardian" && person.Guardian == 0)
        {
            throw NoGuardianFault();
        }

        var facts = new PersonFacts((ushort)person.Facts);
        if (facts.IsExempt == isExempt)
        {
            return null;
        }

        var content = JsonNode.Parse(person.Content)!.AsObject();
        content["exempt"] = isExempt;
        content["facts"] = facts.WithExemption(isExempt).Packed;
        return new("person", new(person.Cpr), content.ToJsonString());
    }

    /// <summary>A guardian is said to ask, and the person has none.</summary>
    public static DispatchException NoGuardianFault() =>
        new("person.no_guardian", "the register has no guardian of this person; expected one who asks", ExitCode.Usage);
}
