namespace Dispatch.Worker.Database.Jobs;

/// <summary>The list: its file, and how that is to be read.</summary>
/// <param name="File">A plain file name in the job folder.</param>
sealed record RecipientsOrder(string File)
{
    /// <summary><c>;</c>, <c>,</c>, tab or <c>|</c>.</summary>
    public char Separator { get; init; } = ';';

    public ListEncoding Encoding { get; init; } = ListEncoding.Utf8;

    /// <summary>How numbers and dates of the list are written; only Danish is known.</summary>
    public string Culture { get; init; } = "da-DK";

    /// <summary>Rows the sender says there are; null = not said.</summary>
    public int? ExpectedRows { get; init; }

    /// <summary>SHA-256 of the file as the sender made it, 64 hexadecimal digits; null = not said.</summary>
    public string? Sha256 { get; init; }
}
