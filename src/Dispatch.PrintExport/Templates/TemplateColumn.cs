using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Templates;

/// <summary>A column of the list that the letter uses.</summary>
/// <param name="Name">The column's name, as in the list's header; case matters.</param>
/// <param name="Formats">The formats it is printed in, each once; empty when only conditions use it.</param>
/// <param name="IsRequired">
/// It is printed outside every condition on itself, so that an empty value refuses the row (<c>field.missing</c>).
/// </param>
public sealed record TemplateColumn(string Name, IReadOnlyList<FieldFormat> Formats, bool IsRequired);
