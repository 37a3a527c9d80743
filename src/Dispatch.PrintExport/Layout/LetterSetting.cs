namespace Dispatch.PrintExport.Layout;

/// <summary>What a job gives every one of its letters.</summary>
/// <param name="SenderName">Stands at the head of the first page.</param>
/// <param name="ReturnAddress">Lines; printed in one line above the window and in full beside it.</param>
/// <param name="Title">Heading of the letter and head of its later pages.</param>
/// <param name="LetterDate">The stored release date.</param>
/// <param name="IsDuplex">Printed on both sides; every piece starts on a front.</param>
/// <param name="IsColour">False: gray operators and gray pictures only.</param>
public sealed record LetterSetting(
    string SenderName,
    IReadOnlyList<string> ReturnAddress,
    string Title,
    DateOnly LetterDate,
    EnvelopeProfile Envelope,
    bool IsDuplex,
    bool IsColour);
