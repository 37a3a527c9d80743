namespace Dispatch.Worker.Country;

/// <summary>E-mail addresses and phone numbers that reach nobody.</summary>
static class MadeUpContacts
{
    /// <summary>Under the domains RFC 2606 keeps for examples.</summary>
    public static void WriteEmail(RowFile file, PersonName name, ref SplitMix random)
    {
        file.Text(name.Given.Mail);
        file.Byte((byte)'.');
        file.Text(name.Surname.Mail);
        file.Number(random.Below(1_000));
        file.Text(random.Below(3) switch { 0 => "@example.com"u8, 1 => "@example.org"u8, _ => "@example.net"u8 });
    }

    /// <summary>
    /// The Danish plan keeps no numbers for fiction. These begin with 00 after the country code, where no subscriber's
    /// number can: they begin with 2 to 9.
    /// </summary>
    public static void WritePhone(RowFile file, ref SplitMix random)
    {
        file.Text("+4500"u8);
        file.Number((uint)random.Below(1_000_000), 6);
    }
}
