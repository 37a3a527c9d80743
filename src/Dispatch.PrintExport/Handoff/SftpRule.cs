namespace Dispatch.PrintExport.Handoff;

/// <summary>
/// Decides the next step of a batch on its way by SFTP. The argument: the ticket lies on the server whole, under its
/// <c>.part</c> name, before it is recorded as ready; from then on one rename is all that is done to it, and a rename
/// takes the one name away as it gives the other. So a ready ticket without its part was renamed: the batch is the
/// print house's, even when it has taken the files already.
/// </summary>
public static class SftpRule
{
    public static SftpStep Next(in SftpFacts facts) => facts switch
    {
        { IsTicketReady: true, HasTicket: true } => SftpStep.CompareTicket,
        { IsTicketReady: true, HasTicketPart: true } => SftpStep.PublishTicket,
        { IsTicketReady: true } => SftpStep.Record,

        // Nobody but us puts it there, and we did not yet.
        { HasTicket: true } => SftpStep.Conflict,
        _ => SftpStep.Send,
    };
}
