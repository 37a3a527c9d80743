using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Pipeline;

namespace Dispatch.Worker.Dispatching;

/// <summary>Keeps what came of a few rows, in memory only.</summary>
sealed class ProofSink : IEffectSink
{
    public List<ProofRow> Rows { get; } = [];

    public void Digital(int rowNo, int personId, in RoutedRow row, ReadOnlySpan<byte> values) =>
        Rows.Add(new(rowNo, row.Reason, "", values.ToArray()));

    public void Paper(
        int rowNo, int personId, in RoutedRow row, ReadOnlySpan<byte> values, PostalAddress address,
        LetterCheck check) => Rows.Add(new(rowNo, row.Reason, "", values.ToArray()));

    public void Exception(int rowNo, int? personId, in RoutedRow row, ReadOnlySpan<byte> reference, string detail) =>
        Rows.Add(new(rowNo, row.Reason, detail, null));
}
