namespace Dispatch.PrintExport.Layout;

/// <summary>Name and address of a receiver as the register holds them; what is missing is empty.</summary>
/// <param name="Street">Street, house number, floor and door as one line.</param>
/// <param name="Country">ISO 3166-1 alpha-2; empty = Denmark (but abroad for status 05 and 80).</param>
/// <param name="Contact">Up to five lines joined with <c>|</c>; they win over the street address.</param>
/// <param name="Status">CPR civil status; 0 for companies.</param>
/// <param name="IsUnder15">On the decision date; changes the name line.</param>
public sealed record PostalParty(
    string Name,
    string Co,
    string Street,
    string Place,
    string Postcode,
    string City,
    string Country,
    string Contact,
    int Status,
    bool IsCompany,
    bool IsUnder15);
