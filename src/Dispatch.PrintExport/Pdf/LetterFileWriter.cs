using System.Security.Cryptography;
using System.Text;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Marks;
using Dispatch.Routing;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// Writes one PDF file of letters, front to back, with bounded memory and the same bytes every time: PDF 1.4, PDF/A-1b,
/// no clock, no random id. One thread at a time.
/// </summary>
public sealed class LetterFileWriter : IDisposable
{
    readonly LetterLayout _layout;
    readonly string _title;
    readonly SheetMarks? _marks;
    readonly int[]? _overlay;
    readonly PdfObjects _objects;
    readonly FontEmbedding _fonts;
    readonly PageForms _forms;
    readonly PageTree _pages;
    readonly PageDrawing _drawing;
    readonly LetterMeasure _measure = new();
    readonly ByteBuffer _content = new();
    readonly List<int> _pictures = [];
    readonly int _catalog;
    readonly int _root;
    readonly int _pageResources;
    readonly int _formResources;
    int _pieces;
    bool _isFinished;

    /// <param name="output">Written to in large blocks; not closed.</param>
    /// <param name="layout">Every piece of a file is of one letter.</param>
    /// <param name="documentTitle">In the file's metadata; no personal data.</param>
    /// <param name="marks">Drawn on every sheet's front; null for a letter that no inserter handles.</param>
    /// <param name="overlay">Drawn below every page of a proof.</param>
    public LetterFileWriter(
        Stream output, LetterLayout layout, string documentTitle, SheetMarks? marks = null,
        ProofOverlay? overlay = null)
    {
        _layout = layout;
        _title = documentTitle;
        _marks = marks;
        _objects = new PdfObjects(output);
        _fonts = new FontEmbedding(layout.Fonts);
        _catalog = _objects.Reserve();
        _root = _objects.Reserve();
        _pageResources = _objects.Reserve();
        _formResources = _objects.Reserve();
        _pages = new PageTree(_objects, _root);
        _forms = new PageForms(_objects, layout, _fonts, _formResources);
        foreach (var picture in layout.Pictures)
        {
            _pictures.Add(PictureObject.Write(_objects, picture, layout.Setting.IsColour));
        }

        _drawing = new PageDrawing(
            layout, _forms, _fonts, _forms.Add(layout.FirstHead.Content), _forms.Add(layout.LaterHead.Content));
        _overlay = overlay is null
            ? null
            : [_forms.Add(overlay.First), _forms.Add(overlay.Front), _forms.Add(overlay.Back)];
    }

    /// <summary>
    /// Composes one piece. Under duplex it starts on a front, and a blank back follows an odd last page.
    /// </summary>
    /// <param name="place">What the marks say of its envelope; null for a piece that has an envelope of its own in a
    /// file without shared ones.</param>
    /// <exception cref="DispatchException">
    /// <c>render.*</c>: the values do not fit the letter; whoever has called <see cref="LetterLayout.Check"/> never
    /// sees it.
    /// </exception>
    public PiecePages Append(LetterValues values, EnvelopePlace? place = null)
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        var reason = _measure.Measure(_layout, values);
        if (reason != Reason.None)
        {
            throw new DispatchException(
                reason.Code(),
                $"a piece after page {_pages.PageCount} of the file '{_title}' cannot be composed; "
                    + "check letters before they are planned",
                ExitCode.Failed);
        }

        _pieces++;
        var first = _pages.PageCount + 1;
        var (pages, sheets) = _layout.PaperOf(_measure.PageCount);
        var sides = pages / sheets;
        var envelope = place ?? new(_pieces, 0, sheets);
        for (var page = 0; page < _measure.PageCount; page++)
        {
            _content.Clear();
            DrawOverlay(page, isFront: page % sides == 0);
            if (page % sides == 0)
            {
                _marks?.Draw(
                    _content, envelope.Number, envelope.SheetsBefore + page / sides + 1, envelope.Sheets);
            }

            _drawing.Draw(_measure, page, _content);
            WritePage();
        }

        if (pages > _measure.PageCount)
        {
            WriteBlankBack();
        }

        return new(first, pages, sheets);
    }

    /// <summary>Writes fonts, page tree and cross-reference table. Nothing can be appended after it.</summary>
    public void Finish()
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        _isFinished = true;
        var fonts = $"/Font<<{_fonts.Write(_objects)}>>/ProcSet[/PDF/Text/ImageB/ImageC]";
        var pictures = string.Concat(_pictures.Select((number, i) => $"/I{i} {number} 0 R"));
        var forms = string.Concat(_forms.Numbers.Select((number, i) => $"/X{i} {number} 0 R"));
        WriteObject(_formResources, $"<<{fonts}/XObject<<{pictures}>>>>");
        WriteObject(_pageResources, $"<<{fonts}/XObject<<{pictures}{forms}>>>>");
        _pages.Finish(Encoding.ASCII.GetBytes($"/MediaBox[0 0 595.28 841.89]/Resources {_pageResources} 0 R"));
        WriteCatalog();
        var id = SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{_title}\n{string.Join('\n', _layout.Fonts.Hashes)}\n{_pages.PageCount}\n{_objects.Position}"));
        _objects.Finish(_catalog, id.AsSpan(0, 16));
    }

    public void Dispose()
    {
        _isFinished = true;
        _content.Dispose();
        _forms.Dispose();
        _objects.Dispose();
    }

    void WritePage()
    {
        var (page, content) = (_objects.Reserve(), _objects.Reserve());
        _objects.WriteStream(content, default, _content.Written);
        _objects.Begin(page);
        var buffer = _objects.Buffer;
        buffer.Write("<</Type/Page/Parent "u8);
        buffer.Write(_pages.ParentOfNext);
        buffer.Write(" 0 R/Contents "u8);
        buffer.Write(content);
        buffer.Write(" 0 R>>"u8);
        PageMark.Write(buffer, _pieces);
        _objects.End();
        _pages.Add(page);
    }

    void DrawOverlay(int page, bool isFront)
    {
        if (_overlay is not null)
        {
            PageForms.Draw(_content, _overlay[page == 0 ? 0 : isFront ? 1 : 2], Points.PageHeight);
        }
    }

    void WriteBlankBack()
    {
        if (_overlay is not null)
        {
            _content.Clear();
            DrawOverlay(page: -1, isFront: false);
            WritePage();
            return;
        }

        var page = _objects.Reserve();
        _objects.Begin(page);
        _objects.Buffer.Write("<</Type/Page/Parent "u8);
        _objects.Buffer.Write(_pages.ParentOfNext);
        _objects.Buffer.Write(" 0 R>>"u8);
        PageMark.Write(_objects.Buffer, _pieces);
        _objects.End();
        _pages.Add(page);
    }

    void WriteCatalog()
    {
        var (metadata, profile) = (_objects.Reserve(), _objects.Reserve());
        _objects.WriteStream(metadata, "/Type/Metadata/Subtype/XML"u8, DocumentMetadata.Build(_title));
        _objects.WriteStream(profile, "/N 3"u8, ColourProfile.Build(), isCompressed: true);
        WriteObject(
            _catalog,
            $"<</Type/Catalog/Pages {_root} 0 R/Metadata {metadata} 0 R/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1"
                + $"/OutputConditionIdentifier(sRGB IEC61966-2.1)/Info(sRGB IEC61966-2.1)"
                + $"/DestOutputProfile {profile} 0 R>>]>>");
    }

    void WriteObject(int number, string text)
    {
        _objects.Begin(number);
        _objects.Buffer.Write(text);
        _objects.End();
    }
}
