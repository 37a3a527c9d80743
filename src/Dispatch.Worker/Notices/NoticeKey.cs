using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dispatch.Worker.Notices;

/// <summary>
/// The idempotency key of a message: made of what the notice is, so that it is the same in every attempt, after a crash
/// and in a restored database. It tells nobody who has not the job's content whom it is for.
/// </summary>
static class NoticeKey
{
    const int Digits = 32;

    /// <param name="contentSha256">Of the job.</param>
    public static string Of(
        byte[] contentSha256, string senderCvr, string reference, int personId, NoticeChannel channel)
    {
        var notice = string.Create(
            CultureInfo.InvariantCulture, $"{senderCvr}/{reference}/{personId}/{(short)channel}");
        return Convert.ToHexStringLower(HMACSHA256.HashData(contentSha256, Encoding.UTF8.GetBytes(notice)))[..Digits];
    }
}
