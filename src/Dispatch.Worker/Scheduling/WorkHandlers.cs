namespace Dispatch.Worker.Scheduling;

/// <summary>What is done when something is started; put together where the commands are. They do not throw: what fails
/// is theirs to note.</summary>
sealed record WorkHandlers(
    Func<int, CancellationToken, Task> Release,
    Func<int, int, CancellationToken, Task> Shard,
    Func<int, CancellationToken, Task> Finish,
    Func<WorkKind, CancellationToken, Task> Daily);
