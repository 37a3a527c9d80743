using Npgsql;

namespace Dispatch.Worker.Reporting;

/// <summary>
/// Decides held rows again with today's register and writes what comes out, in the transaction it is given: one line in
/// <c>mailbox.letters</c>, <c>dispatch.pieces</c>, <c>dispatch.refused</c> or, held again, <c>dispatch.held</c> for
/// each
/// row, and a line in <c>dispatch.releases</c> for each that left. The rows are no longer held when it is called.
/// </summary>
delegate Task DecideAgain(
    NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<HeldRow> rows, CancellationToken ct);
