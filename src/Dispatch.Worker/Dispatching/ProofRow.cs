using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Dispatching;

/// <summary>What would come of one row.</summary>
/// <param name="Detail">Of a row nobody gets a letter for: column name, code point; never a value.</param>
/// <param name="Values">Of its letter; null when there is none.</param>
sealed record ProofRow(int RowNo, Reason Reason, string Detail, byte[]? Values);
