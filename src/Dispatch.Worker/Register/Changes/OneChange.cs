namespace Dispatch.Worker.Register.Changes;

/// <summary>A change an operator's command makes, from now on.</summary>
/// <param name="Kind">As the database has it: <c>person</c>, <c>read_access</c>, <c>registration</c>.</param>
/// <param name="Content">The columns that are put, as a JSON object; null = a removal.</param>
sealed record OneChange(string Kind, ChangeKey Key, string? Content);
