using System.Text;
using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// Whether the register's name and address can be printed as they are. The import takes any text, so what no value of a
/// list may hold is looked for here.
/// </summary>
static class PrintedRecipient
{
    const string Name = "recipient.name";
    const string Address = "recipient.address";

    /// <summary>Of a digital letter that prints the name.</summary>
    public static (Reason Reason, string Detail) CheckName(ReadOnlySpan<byte> name, bool requiresName) =>
        requiresName && name.IndexOfAnyExcept((byte)' ') < 0 ? (Reason.FieldMissing, Name)
        : ValueText.IsLine(name, out var forbidden) ? (Reason.None, "")
        : (Reason.FieldChar, DetailOf(Name, forbidden));

    /// <summary>Of a piece, or a letter that prints the address.</summary>
    public static (Reason Reason, string Detail) Check(PostalParty party, Channel channel, bool requiresName)
    {
        var name = Encoding.UTF8.GetBytes(party.Name);
        var check = CheckName(name, requiresName);
        if (check.Reason != Reason.None)
        {
            return check;
        }

        foreach (var line in PostalAddress.RegisterLinesOf(party))
        {
            if (!ValueText.IsLine(Encoding.UTF8.GetBytes(line), out var forbidden))
            {
                return (Reason.FieldChar, DetailOf(Address, forbidden));
            }
        }

        var isNameless = channel == Channel.Paper && name.AsSpan().IndexOfAnyExcept((byte)' ') < 0;
        return isNameless ? (Reason.AddressMissing, Name) : (Reason.None, "");
    }

    static string DetailOf(string field, int codePoint) => $"{field} U+{codePoint:X4}";
}
