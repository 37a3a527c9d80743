namespace Dispatch.PrintExport.Handoff;

/// <summary>The next thing to do; each may be interrupted anywhere and is then decided again.</summary>
public enum SftpStep
{
    /// <summary>Bring PDF and manifest there, then the ticket's part, and record that it is ready.</summary>
    Send,

    /// <summary>One rename, from which on the batch is the print house's.</summary>
    PublishTicket,

    /// <summary>Read the ticket back: ours, or a stranger's.</summary>
    CompareTicket,

    /// <summary>Record that the batch is handed off.</summary>
    Record,

    /// <summary>Stop: a file of that name is there and not ours.</summary>
    Conflict,
}
