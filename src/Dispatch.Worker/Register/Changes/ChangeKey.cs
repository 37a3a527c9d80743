namespace Dispatch.Worker.Register.Changes;

/// <summary>What a change is about.</summary>
/// <param name="Number">A CPR number; of a company its CVR number.</param>
/// <param name="Other">The reader of read access, or the sender of a registration; else 0.</param>
/// <param name="Since">UTC; the beginning of read access. Null = none, or every grant between these two.</param>
readonly record struct ChangeKey(uint Number, uint Other = 0, DateTime? Since = null);
