namespace Dispatch.Routing.Rules;

/// <summary>The reason codes as outsiders see them.</summary>
public static class Reasons
{
    static readonly Dictionary<Reason, string> Table = new()
    {
        [Reason.Enrolled] = "enrolled",
        [Reason.Voluntary] = "voluntary",
        [Reason.ExemptionNotApplicable] = "exemption_not_applicable",
        [Reason.Company] = "company",
        [Reason.Requested] = "requested",
        [Reason.Under15] = "under_15",
        [Reason.Exempt] = "exempt",
        [Reason.NoFixedAddress] = "no_fixed_address",
        [Reason.Abroad] = "abroad",
        [Reason.NotRegistered] = "not_registered",
        [Reason.RecipientDisappeared] = "recipient.disappeared",
        [Reason.AddressMissing] = "address.missing",
        [Reason.AddressUnsafe] = "address.unsafe",
        [Reason.RowColumns] = "row.columns",
        [Reason.CprChars] = "cpr.chars",
        [Reason.CprLength] = "cpr.length",
        [Reason.CprReplacement] = "cpr.replacement",
        [Reason.CprDate] = "cpr.date",
        [Reason.CprDateFuture] = "cpr.date_future",
        [Reason.CvrCheck] = "cvr.check",
        [Reason.FieldMissing] = "field.missing",
        [Reason.FieldFormat] = "field.format",
        [Reason.FieldChar] = "field.char",
        [Reason.FieldTooLong] = "field.too_long",
        [Reason.RegisterUnknown] = "register.unknown",
        [Reason.RegisterAnnulled] = "register.annulled",
        [Reason.RegisterLoop] = "register.loop",
        [Reason.RegisterStatus] = "register.status",
        [Reason.Duplicate] = "duplicate",
        [Reason.RecipientDeceased] = "recipient.deceased",
        [Reason.RecipientClosed] = "recipient.closed",
        [Reason.NotDigital] = "not_digital",
        [Reason.RenderGlyph] = "render.glyph",
        [Reason.RenderOverflow] = "render.overflow",
        [Reason.RenderTooManyPages] = "render.too_many_pages",
        [Reason.RefusedNotRegistered] = "not_registered",
        [Reason.JobCancelled] = "job.cancelled",
        [Reason.OperatorRefused] = "operator.refused",
    };

    /// <summary>Every reason, for the table in the database and for the printed rules.</summary>
    public static IEnumerable<Reason> All => Table.Keys;

    /// <summary>The code in <c>ops.effects.reason</c>, for instance <c>cpr.date</c>.</summary>
    public static string Code(this Reason reason) => Table[reason];

    /// <summary>The one channel this reason belongs to: the hundreds of its number.</summary>
    public static Channel Channel(this Reason reason) => (Channel)((short)reason / 100);

    /// <summary>The effect as outsiders spell it: <c>digital</c>, <c>paper</c>, <c>held</c>, <c>refused</c>.</summary>
    public static string Effect(this Channel channel) => channel switch
    {
        Rules.Channel.Digital => "digital",
        Rules.Channel.Paper => "paper",
        Rules.Channel.Held => "held",
        _ => "refused",
    };
}
