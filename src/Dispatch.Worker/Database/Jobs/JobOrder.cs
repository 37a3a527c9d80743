namespace Dispatch.Worker.Database.Jobs;

/// <summary>What a sender asks for: <c>job.json</c>, checked, with what was left out filled in.</summary>
sealed record JobOrder
{
    /// <summary>The sender's own name for the job; unique per sender, and so the idempotency key.</summary>
    public required string Reference { get; init; }

    public required SenderOrder Sender { get; init; }

    /// <summary>Lower-case words and hyphens; <c>state-payslip</c> and <c>su</c> go digital in spite of an exemption.
    /// </summary>
    public required string MessageType { get; init; }

    /// <summary>What the receiver sees in the mailbox.</summary>
    public required string Title { get; init; }

    public required RecipientsOrder Recipients { get; init; }

    /// <summary>File name of the letter.</summary>
    public required string Letter { get; init; }

    public JobChannel Channel { get; init; } = JobChannel.Auto;

    /// <summary>A private sender's letter to somebody who is not registered with it: false = paper, true = refused.
    /// </summary>
    public bool RefusesUnregistered { get; init; }

    public PaperOrder Paper { get; init; } = new();

    /// <summary>Letters are available from this moment; null = from the release on.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Letters that go out in an hour at most; null = as many as can.</summary>
    public int? DripPerHour { get; init; }

    /// <summary>An operator must approve the job before it is released.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Share of the rows, 0 to 1; more refused rows than this hold the job.</summary>
    public decimal StopAtRefusedShare { get; init; } = 0.05m;

    /// <summary>Reads <c>job.json</c>.</summary>
    /// <param name="json">UTF-8; a byte order mark is passed over.</param>
    /// <param name="fileName">For the messages.</param>
    /// <exception cref="Dispatch.Routing.DispatchException"><c>job.syntax</c>, <c>job.unknown_key</c>,
    /// <c>job.duplicate_key</c>, <c>job.value</c>.</exception>
    public static JobOrder Parse(ReadOnlySpan<byte> json, string fileName) => JobOrderReader.Read(json, fileName);
}
