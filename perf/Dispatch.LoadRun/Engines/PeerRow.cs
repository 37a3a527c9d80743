using System.Globalization;
using CsvHelper;

namespace Dispatch.LoadRun.Engines;

/// <summary>One row of the tax-statement list, as code that is not dispatch reads it.</summary>
/// <param name="RowNo">From 1.</param>
/// <param name="Values">All columns but the receiver, joined by semicolons.</param>
sealed record PeerRow(int RowNo, string Recipient, string Values)
{
    /// <summary>The first <paramref name="count"/> rows of a list, by CsvHelper.</summary>
    public static IEnumerable<PeerRow> Read(string list, int count)
    {
        using var stream = File.OpenRead(list);
        using var reader = CsvReader.Create(stream, new CsvReaderOptions { Separator = ';', HasHeader = true });
        for (var rowNo = 1; rowNo <= count && reader.Read(); rowNo++)
        {
            var fields = new string[reader.FieldCount - 1];
            for (var i = 0; i < fields.Length; i++)
            {
                fields[i] = reader.GetString(i + 1);
            }

            yield return new(rowNo, reader.GetString(0), string.Join(';', fields));
        }
    }

    /// <summary>The number, or null when it has not the form of one.</summary>
    public long? Cpr => Recipient.Length == 10
        && long.TryParse(Recipient, NumberStyles.None, CultureInfo.InvariantCulture, out var cpr) ? cpr : null;
}
