using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Pipeline;

namespace Dispatch.PrintExport.Pdf;

/// <summary>Writes one PDF file of letters, front to back, with bounded memory and the same bytes every time.</summary>
public sealed class LetterFileWriter : IDisposable
{
    public LetterFileWriter(Stream output, LetterLayout layout, string documentTitle) => throw new NotImplementedException();

    /// <summary>Composes one piece.</summary>
    public PiecePages Append(LetterValues values) => throw new NotImplementedException();

    /// <summary>Writes fonts, page tree and cross-reference table. Nothing can be appended after it.</summary>
    public void Finish() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
