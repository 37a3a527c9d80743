using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Intake;

/// <summary>What became of a submission.</summary>
/// <param name="IsRepeat">The job was there already, of the very same bytes; nothing happened.</param>
readonly record struct Submission(AcceptedJob Job, bool IsRepeat);
