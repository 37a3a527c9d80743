using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Pipeline;

namespace Dispatch.Worker.Dispatching;

/// <summary>Takes the effects of one chunk, row by row: encodes them for the database, or only counts them in the
/// planning pass.</summary>
interface IEffectSink
{
    /// <param name="values">Whole <see cref="LetterValues"/>; empty when the pass only decides and they surely
    /// fit.</param>
    void Digital(int rowNo, int personId, in RoutedRow row, ReadOnlySpan<byte> values);

    /// <param name="values">Whole <see cref="LetterValues"/>; empty as with digital letters.</param>
    void Paper(
        int rowNo, int personId, in RoutedRow row, ReadOnlySpan<byte> values, PostalAddress address, LetterCheck check);

    /// <summary>A held or refused row.</summary>
    /// <param name="detail">Column name, code point; never a value.</param>
    void Exception(int rowNo, int? personId, in RoutedRow row, ReadOnlySpan<byte> reference, string detail);
}
