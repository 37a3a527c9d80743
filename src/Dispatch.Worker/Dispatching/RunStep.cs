namespace Dispatch.Worker.Dispatching;

/// <summary>Where a job stands after dispatching did what it could.</summary>
enum RunStep
{
    /// <summary>Every row has its effect; paper may wait to be composed.</summary>
    Routed,

    /// <summary>Too many rows would be refused; nothing was sent.</summary>
    Held,

    Cancelled,

    /// <summary>Waits for somebody's approval.</summary>
    AwaitingApproval,

    /// <summary>Waits for its <c>notBefore</c>.</summary>
    Waiting,

    /// <summary>Waits for <c>resume</c>.</summary>
    Paused,
}
