namespace Dispatch.PrintExport.Handoff;

/// <summary>The one thing to do next for a batch; each may be interrupted anywhere and is then decided again.</summary>
public enum HandoffStep
{
    /// <summary>Make the files into the staging folder and record them; the same bytes every time.</summary>
    Compose,

    /// <summary>Record that files may leave the staging folder from now on.</summary>
    Start,

    /// <summary>Move the PDF to the outbox; a copy that stayed behind in the staging folder goes.</summary>
    PlacePdf,

    /// <summary>Move the manifest to the outbox; a copy that stayed behind in the staging folder goes.</summary>
    PlaceManifest,

    /// <summary>Move the ticket to the outbox: from that moment the batch is the print house's.</summary>
    PlaceTicket,

    /// <summary>Give the ticket that lies ready in the outbox its name: the same moment on two file systems.</summary>
    PublishTicket,

    /// <summary>Record that the batch is handed off.</summary>
    Record,

    /// <summary>Stop: the outbox holds another file under one of the batch's names.</summary>
    Conflict,

    /// <summary>The batch is handed off; its files may be gone.</summary>
    Nothing,
}
