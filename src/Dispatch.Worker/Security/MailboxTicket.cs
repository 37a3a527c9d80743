using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dispatch.Worker.Security;

/// <summary>
/// Says who is looking at one person's mailbox in one transaction of the database: the owner, or a reader, whose read
/// access the database then asks about. Signed with HMAC-SHA-256 under a key made
/// of the key-encryption key; the database checks it in <c>mailbox.ticket_claims()</c>, which has the form written
/// down.
/// </summary>
static class MailboxTicket
{
    /// <summary>How long a ticket is good, by the server's clock.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <param name="key">Of <see cref="KeyRing.DeriveTicketKey"/>.</param>
    /// <param name="personId">Whose mailbox.</param>
    /// <param name="readerId">Who looks; the same for the owner.</param>
    /// <param name="backend">The server process it is for.</param>
    /// <param name="beganMicroseconds">When that process's transaction began, since 1970.</param>
    /// <param name="lifetime">From then on.</param>
    public static string Sign(
        ReadOnlySpan<byte> key, int personId, int readerId, int backend, long beganMicroseconds, TimeSpan lifetime)
    {
        var expires = beganMicroseconds + (long)lifetime.TotalMicroseconds;
        var people = personId == readerId
            ? string.Create(CultureInfo.InvariantCulture, $"1.{personId}")
            : string.Create(CultureInfo.InvariantCulture, $"2.{personId}.{readerId}");
        var claims = string.Create(
            CultureInfo.InvariantCulture, $"{people}.{backend}.{beganMicroseconds}.{expires}");
        return $"{claims}.{Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(claims)))}";
    }
}
