namespace Dispatch.System.Tests.Oracle;

/// <summary>Whether there is an address that is safe to write to, and whether the window can show it.</summary>
static class AddressRules
{
    /// <summary>Null where the piece can be made; else what becomes of the row instead.</summary>
    public static Verdict? Obstacle(Person person)
    {
        if (person.Status is "03" or "07" && person.IsProtected)
        {
            return Verdict.Held("address.unsafe");
        }

        var lines = person.Contact.Length > 0 ? person.Contact
            : person.Status is "01" or "05" && person.Street.Length > 0 ? person.Street
            : "";
        return lines.Length == 0 ? Verdict.Held("address.missing") : Unprintable(lines, person.HasOverlongAddress);
    }

    public static Verdict? Obstacle(Company company) =>
        company.Street.Length == 0 ? Verdict.Held("address.missing") : Unprintable(company.Street, false);

    static Verdict? Unprintable(string lines, bool isOverlong) =>
        FieldRules.HasForeignGlyph(lines) ? Verdict.Refused("render.glyph")
        : isOverlong ? Verdict.Refused("render.overflow")
        : null;
}
