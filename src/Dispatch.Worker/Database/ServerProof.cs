using Npgsql;

namespace Dispatch.Worker.Database;

/// <summary>Whether a server on another machine must prove that it is the one meant: else whoever sits between may be
/// it.</summary>
static class ServerProof
{
    static readonly string[] Here = ["/", "@", "localhost", "127.", "::1", "[::1]"];

    public static bool IsMissing(NpgsqlConnectionStringBuilder login) => login.SslMode != SslMode.VerifyFull
        && (login.Host ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(
            host => !Here.Any(place => host.StartsWith(place, StringComparison.OrdinalIgnoreCase)));
}
