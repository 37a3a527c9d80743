namespace Dispatch.PrintExport.Templates;

/// <summary>Where the value of a merge field comes from.</summary>
enum FieldSource : byte
{
    /// <summary>A column of the list.</summary>
    Column,
    RecipientName,
    RecipientAddress,
    SenderName,
    JobTitle,
    LetterDate,
}
