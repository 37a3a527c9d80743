namespace Dispatch.Routing.Rules;

/// <summary>The reason codes as outsiders see them.</summary>
public static class Reasons
{
    static readonly Dictionary<Reason, (Channel Channel, string Code)> Table = new()
    {
        [Reason.Enrolled] = (Rules.Channel.Digital, "enrolled"),
        [Reason.Voluntary] = (Rules.Channel.Digital, "voluntary"),
        [Reason.ExemptionNotApplicable] = (Rules.Channel.Digital, "exemption_not_applicable"),
        [Reason.Company] = (Rules.Channel.Digital, "company"),
        [Reason.Requested] = (Rules.Channel.Paper, "requested"),
        [Reason.Under15] = (Rules.Channel.Paper, "under_15"),
        [Reason.Exempt] = (Rules.Channel.Paper, "exempt"),
        [Reason.NoFixedAddress] = (Rules.Channel.Paper, "no_fixed_address"),
        [Reason.Abroad] = (Rules.Channel.Paper, "abroad"),
        [Reason.NotRegistered] = (Rules.Channel.Paper, "not_registered"),
        [Reason.RecipientDisappeared] = (Rules.Channel.Held, "recipient.disappeared"),
        [Reason.AddressMissing] = (Rules.Channel.Held, "address.missing"),
        [Reason.AddressUnsafe] = (Rules.Channel.Held, "address.unsafe"),
        [Reason.RowColumns] = (Rules.Channel.Refused, "row.columns"),
        [Reason.CprChars] = (Rules.Channel.Refused, "cpr.chars"),
        [Reason.CprLength] = (Rules.Channel.Refused, "cpr.length"),
        [Reason.CprReplacement] = (Rules.Channel.Refused, "cpr.replacement"),
        [Reason.CprDate] = (Rules.Channel.Refused, "cpr.date"),
        [Reason.CprDateFuture] = (Rules.Channel.Refused, "cpr.date_future"),
        [Reason.CvrCheck] = (Rules.Channel.Refused, "cvr.check"),
        [Reason.FieldMissing] = (Rules.Channel.Refused, "field.missing"),
        [Reason.FieldFormat] = (Rules.Channel.Refused, "field.format"),
        [Reason.FieldChar] = (Rules.Channel.Refused, "field.char"),
        [Reason.FieldTooLong] = (Rules.Channel.Refused, "field.too_long"),
        [Reason.RegisterUnknown] = (Rules.Channel.Refused, "register.unknown"),
        [Reason.RegisterAnnulled] = (Rules.Channel.Refused, "register.annulled"),
        [Reason.RegisterLoop] = (Rules.Channel.Refused, "register.loop"),
        [Reason.RegisterStatus] = (Rules.Channel.Refused, "register.status"),
        [Reason.Duplicate] = (Rules.Channel.Refused, "duplicate"),
        [Reason.RecipientDeceased] = (Rules.Channel.Refused, "recipient.deceased"),
        [Reason.RecipientClosed] = (Rules.Channel.Refused, "recipient.closed"),
        [Reason.NotDigital] = (Rules.Channel.Refused, "not_digital"),
        [Reason.RenderGlyph] = (Rules.Channel.Refused, "render.glyph"),
        [Reason.RenderOverflow] = (Rules.Channel.Refused, "render.overflow"),
        [Reason.RenderTooManyPages] = (Rules.Channel.Refused, "render.too_many_pages"),
        [Reason.RefusedNotRegistered] = (Rules.Channel.Refused, "not_registered"),
        [Reason.JobCancelled] = (Rules.Channel.Refused, "job.cancelled"),
        [Reason.OperatorRefused] = (Rules.Channel.Refused, "operator.refused"),
    };

    /// <summary>Every reason, for the table in the database and for the printed rules.</summary>
    public static IEnumerable<Reason> All => Table.Keys;

    /// <summary>The code in <c>ops.effects.reason</c>, for instance <c>cpr.date</c>.</summary>
    public static string Code(this Reason reason) => Table[reason].Code;

    /// <summary>The one channel this reason belongs to.</summary>
    public static Channel Channel(this Reason reason) => Table[reason].Channel;

    /// <summary>The effect as outsiders spell it: <c>digital</c>, <c>paper</c>, <c>held</c>, <c>refused</c>.</summary>
    public static string Effect(this Channel channel) => channel switch
    {
        Rules.Channel.Digital => "digital",
        Rules.Channel.Paper => "paper",
        Rules.Channel.Held => "held",
        _ => "refused",
    };
}
