namespace Dispatch.Worker.Notices;

/// <summary>How somebody is told. The numbers are in the database.</summary>
enum NoticeChannel : short
{
    Email = 1,
    Sms = 2,
}
