namespace Dispatch.Worker.Register.Changes;

/// <summary>A change that cannot take effect.</summary>
/// <param name="IsKept">It waited for its day; else it stands in a file that is being read.</param>
sealed record ChangeFault(string Code, string Kind, int FileNo, long Line, bool IsKept);
