using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Layout;

/// <summary>Constant cells, or a merge field and the faces it is set in.</summary>
readonly record struct FlowPart(uint[]? Cells, FieldReference Field, GlyphMap? Map);
