using System.Globalization;
using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>Connections of a login that has put its own rights aside for those of a role.</summary>
static class RoleDataSource
{
    // A machine that is gone does not say so: its sessions, and the locks they hold, must end all the same.
    const string Keepalive = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2";

    /// <param name="login">Must be allowed to take the role.</param>
    /// <param name="patience">How long a transaction may wait for its own process before the server ends it; null = for
    /// ever: planning reads one register for as long as it takes.</param>
    public static NpgsqlDataSource Create(
        NpgsqlConnectionStringBuilder login, string role, int poolSize, TimeSpan? patience = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(login.ConnectionString)
        {
            MaxPoolSize = poolSize,

            // The role is the session's default: RESET ROLE leads back to it and not to the login.
            Options = $"{login.Options} {Keepalive}{IdleLimit(patience)} -c role={role}".TrimStart(),

            // A pool's DISCARD ALL begins with SET SESSION AUTHORIZATION, which by the standard also does SET ROLE
            // NONE: nobody promises that the role survives it. There is nothing to discard: settings are made for a
            // transaction, and locks are given back by their holders.
            NoResetOnClose = true,
        };
        return NpgsqlDataSource.Create(builder);
    }

    // A process that froze keeps its machine's session alive, and what it locked locked.
    static string IdleLimit(TimeSpan? patience) => patience is { } limit
        ? string.Create(
            CultureInfo.InvariantCulture, $" -c idle_in_transaction_session_timeout={limit.TotalMilliseconds}")
        : "";
}
