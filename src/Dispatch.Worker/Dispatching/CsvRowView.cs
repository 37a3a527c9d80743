using CsvHelper;
using Dispatch.Routing.Pipeline;

namespace Dispatch.Worker.Dispatching;

/// <summary>The reader's current record, as the router sees it.</summary>
readonly struct CsvRowView(CsvReader reader) : IRow
{
    public int FieldCount => reader.FieldCount;

    public ReadOnlySpan<byte> Field(int index) => reader.GetSpan(index);
}
