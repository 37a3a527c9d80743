namespace Dispatch.Worker.Notices;

/// <param name="PerSecond">Of all workers together; 0 = no limit.</param>
/// <param name="Hours">In which is sent; null = always.</param>
/// <param name="SettingsAt">Where people change their settings.</param>
sealed record NoticeLaneSetting(int PerSecond, SmsHours? Hours, string SettingsAt)
{
    public bool IsOpen(DateTimeOffset now) => Hours?.Include(now) ?? true;
}
