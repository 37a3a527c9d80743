namespace Dispatch.Routing.Rules;

/// <summary>
/// Why a row went where it went. The numbers are stored in the database and never change meaning; the texts
/// outsiders see are in <see cref="Reasons"/>.
/// </summary>
public enum Reason : short
{
    None = 0,

    // digital
    Enrolled = 101,
    Voluntary = 102,
    ExemptionNotApplicable = 103,
    Company = 104,

    // paper
    Requested = 201,
    Under15 = 202,
    Exempt = 203,
    NoFixedAddress = 204,
    Abroad = 205,
    NotRegistered = 206,

    // held
    RecipientDisappeared = 301,
    AddressMissing = 302,
    AddressUnsafe = 303,

    // refused
    RowColumns = 401,
    CprChars = 402,
    CprLength = 403,
    CprReplacement = 404,
    CprDate = 405,
    CprDateFuture = 406,
    CvrCheck = 407,
    FieldMissing = 408,
    FieldFormat = 409,
    FieldChar = 410,
    FieldTooLong = 411,
    RegisterUnknown = 412,
    RegisterAnnulled = 413,
    RegisterLoop = 414,
    RegisterStatus = 415,
    Duplicate = 416,
    RecipientDeceased = 417,
    RecipientClosed = 418,
    NotDigital = 419,
    RenderGlyph = 420,
    RenderOverflow = 421,
    RenderTooManyPages = 422,
    RefusedNotRegistered = 423,
    JobCancelled = 424,
    OperatorRefused = 425,
}
