using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Templates;

/// <summary>A merge field as the letter names it.</summary>
/// <param name="Source">Column or built-in field.</param>
/// <param name="Column">Index into <see cref="LetterTemplate.Columns"/>; −1 for built-in fields.</param>
/// <param name="Format">How the value is shown.</param>
readonly record struct FieldReference(FieldSource Source, int Column, FieldFormat Format)
{
    /// <summary>The value is the same in every letter of a job.</summary>
    public bool IsConstant => Source is FieldSource.SenderName or FieldSource.JobTitle or FieldSource.LetterDate;
}
