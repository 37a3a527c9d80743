namespace Dispatch.Worker.Commands.Serving;

/// <summary>What came of a daily run, or of a part of one.</summary>
/// <param name="Text">In a few words, without anything about people.</param>
/// <param name="HasFailed">An operator has to look at it.</param>
readonly record struct DailyOutcome(string Text, bool HasFailed = false);
