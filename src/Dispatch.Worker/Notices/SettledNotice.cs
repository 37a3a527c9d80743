namespace Dispatch.Worker.Notices;

/// <summary>What became of a notice that was taken.</summary>
/// <param name="State">Waiting = it goes back.</param>
/// <param name="Fault">Code of why; empty = for no fault.</param>
/// <param name="Wait">Until it is tried again; zero = whoever comes next may, and nothing is counted against
/// it.</param>
readonly record struct SettledNotice(TakenNotice Taken, NoticeState State, string Fault = "", TimeSpan Wait = default);
