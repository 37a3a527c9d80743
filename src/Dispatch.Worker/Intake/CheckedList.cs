namespace Dispatch.Worker.Intake;

/// <summary>What the one pass over a list found.</summary>
/// <param name="Columns">The header, trimmed.</param>
/// <param name="Sha256">Of the file as it came.</param>
/// <param name="Bytes">Of the file as it came.</param>
sealed record CheckedList(IReadOnlyList<string> Columns, int Rows, byte[] Sha256, long Bytes);
