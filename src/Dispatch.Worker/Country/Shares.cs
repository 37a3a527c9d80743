namespace Dispatch.Worker.Country;

/// <summary>
/// How common things are, per million. The exempt share of 5.0 % is the Agency for Digital Government's of April 2025;
/// the rest follows Statistics Denmark's orders of magnitude.
/// </summary>
static class Shares
{
    // Of households.
    public const int LivesAlone = 444_000;
    public const int CoupleAlone = 312_000;
    public const int OneParent = 62_000;
    public const int Emigrated = 15_000;
    public const int Greenland = 600;
    public const int NoFixedAbode = 2_000;
    public const int GreenlandNoFixedAbode = 150;
    public const int TaxOnly = 1_200;
    public const int Annulled = 150;
    public const int Reserved = 100;
    public const int OldNumber = 1_000;
    public const int Protected = 2_900;

    // Of old numbers.
    public const int OldNumberIsDouble = 150_000;

    // Of adults.
    public const int Disappeared = 130;
    public const int Guardian = 1_800;

    // Of people outside the automatic enrolment.
    public const int Voluntary = 150_000;
    public const int EmigratedWithoutAddress = 50_000;
    public const int NoFixedAbodeWithContact = 600_000;
    public const int NoFixedAbodeProtected = 40_000;

    /// <summary>Died in the weeks before the list was drawn.</summary>
    public static int Dead(int age) => age switch
    {
        < 18 => 0,
        < 50 => 190,
        < 65 => 1_050,
        < 75 => 3_300,
        < 85 => 9_300,
        < 95 => 23_000,
        _ => 70_000,
    };

    /// <summary>Residents of 15 and over who cannot receive digitally; 5.0 % of them all.</summary>
    public static int Exempt(int age) => age switch
    {
        < 15 => 0,
        < 25 => 9_000,
        < 35 => 11_000,
        < 45 => 14_000,
        < 55 => 23_000,
        < 65 => 38_000,
        < 75 => 75_000,
        < 85 => 198_000,
        < 95 => 470_000,
        _ => 650_000,
    };

    /// <summary>People of 15 and over who gave an e-mail address or a phone number for notices.</summary>
    public static int Contactable(int age) => age switch
    {
        < 15 => 0,
        < 65 => 880_000,
        < 80 => 700_000,
        _ => 350_000,
    };
}
