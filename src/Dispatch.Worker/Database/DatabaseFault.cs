using System.Net.Sockets;
using System.Security.Authentication;
using Dispatch.Routing;
using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>What a failure of the database means to the operator. Messages of the server never get through: they may
/// quote values.</summary>
static class DatabaseFault
{
    /// <summary>This process said nothing for so long that the server ended its session.</summary>
    const string IdleInTransaction = "25P03";

    public static DispatchException From(NpgsqlException fault) => fault switch
    {
        PostgresException answer => From(answer),
        { InnerException: AuthenticationException } => new DispatchException(
            "database.certificate",
            "the server's certificate is not what Database:ConnectionString demands; expected one of the authority in "
            + "Root Certificate, for the host that is named; nothing was sent to it: see who answers there",
            ExitCode.Configuration, fault),
        { InnerException: SocketException or IOException or TimeoutException } => Unreachable(fault),
        { IsTransient: true } => Unreachable(fault),
        _ => new DispatchException(
            "database.failed", "the database driver gave up; the log has the kind of fault", ExitCode.Failed, fault),
    };

    static DispatchException From(PostgresException fault) => fault.SqlState switch
    {
        PostgresErrorCodes.DiskFull => new(
            "disk.full", "the database's disk is full; make room and run the same command again", ExitCode.TryAgain,
            fault),
        PostgresErrorCodes.InvalidCatalogName => new(
            "database.unknown", "the server has no database of the name in Database:ConnectionString; create it",
            ExitCode.Configuration, fault),
        PostgresErrorCodes.InsufficientPrivilege => new(
            "database.denied",
            "the database user lacks a right that dispatch needs; run 'dispatch migrate' as the owner",
            ExitCode.Configuration, fault),
        ['2', '8', ..] => new(
            "database.login", "the server refused the user or password in Database:ConnectionString",
            ExitCode.Configuration, fault),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName => new(
            "database.schema", "the database lacks a table that dispatch needs; run 'dispatch migrate'",
            ExitCode.Configuration, fault),
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new(
            "database.damaged",
            $"the server found a table or an index of it damaged (SQLSTATE {fault.SqlState}); its log names which one; "
            + "stop sending, find out why, and see ops/runbook.md", ExitCode.Failed, fault),
        PostgresErrorCodes.ProtocolViolation => PoolerCheck.Refusal("refuses what a session is opened with", fault),
        IdleInTransaction or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CannotConnectNow => Unreachable(fault),
        // The scheduler asks on in a transaction whose statement failed; what failed first passes, or comes again.
        _ when fault.IsTransient || fault.SqlState == PostgresErrorCodes.InFailedSqlTransaction => new(
            "database.busy",
            $"the database could not do it now (SQLSTATE {fault.SqlState}); run the same command again",
            ExitCode.TryAgain, fault),
        _ => new(
            "database.failed", $"the database refused a statement (SQLSTATE {fault.SqlState}"
            + (fault.ConstraintName is { } name ? $", constraint {name})" : ")") + "; this is a bug, report it",
            ExitCode.Failed, fault),
    };

    static DispatchException Unreachable(NpgsqlException fault) => new(
        "database.unreachable",
        "the database server does not answer or ended the connection; see that it runs and run the"
        + " same command again", ExitCode.TryAgain, fault);
}
