using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dispatch.Routing.Identity;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;

namespace Dispatch.Benchmarks.Work;

/// <summary>CPR numbers read from text.</summary>
sealed class ReadNumbers(TaxList list)
{
    readonly byte[][] _texts =
    [
        .. Enumerable.Range(0, TaxList.Rows).Select(row => Encoding.UTF8.GetBytes(
            list.Numbers[TaxList.Spread(row, list.Numbers.Length)].ToString("D10", CultureInfo.InvariantCulture))),
    ];

    readonly int _today = BirthDay.From(list.Routing.ReleaseDate);

    /// <summary>Ten digits and nothing more.</summary>
    public uint ReadDigits()
    {
        var sum = 0u;
        foreach (var text in _texts)
        {
            sum += Utf8Parser.TryParse(text, out uint number, out _) ? number : 0;
        }

        return sum;
    }

    public uint Parse()
    {
        var sum = 0u;
        foreach (var text in _texts)
        {
            sum += CprNumber.Parse(text, _today, out var number) == Reason.None ? number.Value : 0;
        }

        return sum;
    }
}
