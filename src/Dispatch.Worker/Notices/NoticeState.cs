namespace Dispatch.Worker.Notices;

/// <summary>The states of a notice. The numbers are in the database.</summary>
enum NoticeState : short
{
    Waiting = 1,

    /// <summary>The server or gateway took it.</summary>
    Sent = 2,

    /// <summary>Never will be; the fault says why.</summary>
    Failed = 3,

    /// <summary>The contact is on the suppression list.</summary>
    Suppressed = 4,

    /// <summary>There is nothing left to tell, or nobody who wants to be told.</summary>
    Withdrawn = 5,
}
