namespace Dispatch.Worker.Intake;

/// <summary>How long a job folder must lie in the inbox unchanged.</summary>
/// <param name="ForMissing">Before one is refused that lacks something it names.</param>
/// <param name="ToSettle">Before one is taken of which nothing says that it is whole.</param>
readonly record struct InboxPatience(TimeSpan ForMissing, TimeSpan ToSettle);
