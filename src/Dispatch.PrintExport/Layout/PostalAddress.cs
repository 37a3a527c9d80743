namespace Dispatch.PrintExport.Layout;

/// <summary>An address as it stands in the window, and what sorting and postage need of it.</summary>
/// <param name="Block">Window lines joined by LF, the name line first.</param>
/// <param name="Zone">By country.</param>
/// <param name="Country">ISO 3166-1 alpha-2; <c>DK</c> when the register has none.</param>
/// <param name="Postcode">For sorting; of a contact address the leading digits of its last line.</param>
public readonly record struct PostalAddress(string Block, PostalZone Zone, string Country, string Postcode)
{
    /// <summary>Sets a receiver's address; the caller made sure that there is one.</summary>
    public static PostalAddress From(PostalParty party) => throw new NotImplementedException();

    /// <summary>A conservative promise: fits the window of every profile, and every glyph is in the fonts.</summary>
    public static bool IsPlain(PostalParty party) => throw new NotImplementedException();
}
