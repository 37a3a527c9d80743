namespace Dispatch.Worker.Register;

/// <summary>Some more rows are done.</summary>
/// <param name="IsWriting">False while the files are checked, true while their rows go to the database.</param>
/// <param name="Rows">How many since the last report; people and companies.</param>
readonly record struct RegisterProgress(bool IsWriting, int Rows);
