using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Reporting;

/// <summary>The reasons in the words of somebody who does not know the codes.</summary>
static class ReasonText
{
    public static string Of(Reason reason) => reason switch
    {
        Reason.Enrolled => "Enrolled in Digital Post",
        Reason.Voluntary => "Signed up of their own accord",
        Reason.ExemptionNotApplicable => "Exempt, but not from this kind of letter",
        Reason.Company => "Business",
        Reason.Requested => "The sender asked for paper",
        Reason.Under15 => "Under 15 years",
        Reason.Exempt => "Exempt from Digital Post",
        Reason.NoFixedAddress => "Without a fixed address",
        Reason.Abroad => "Lives abroad or in Greenland",
        Reason.NotRegistered or Reason.RefusedNotRegistered => "Has not registered with this sender",
        Reason.RecipientDisappeared => "Disappeared",
        Reason.AddressMissing => "No name or no address to write to",
        Reason.AddressUnsafe => "Protected, and no address that is safe to use",
        Reason.RowColumns => "Too few or too many fields in the row",
        Reason.CprChars => "Number holds other signs than digits",
        Reason.CprLength => "Number is too short or too long",
        Reason.CprReplacement => "Replacement number",
        Reason.CprDate => "Number's date does not exist",
        Reason.CprDateFuture => "Number's date lies in the future",
        Reason.CvrCheck => "Company number fails its check",
        Reason.FieldMissing => "A field the letter needs is empty, or nothing of the letter is left",
        Reason.FieldFormat => "A field is not of its format",
        Reason.FieldChar => "A field holds a forbidden character",
        Reason.FieldTooLong => "A field is too long",
        Reason.RegisterUnknown => "Not in the register",
        Reason.RegisterAnnulled => "Number is annulled or reserved",
        Reason.RegisterLoop => "Number was changed too many times to follow",
        Reason.RegisterStatus => "Unknown civil status",
        Reason.Duplicate => "Repeats an earlier row",
        Reason.RecipientDeceased => "Deceased",
        Reason.RecipientClosed => "Business is closed",
        Reason.NotDigital => "Cannot receive digitally, and the job sends no paper",
        Reason.RenderGlyph => "A character the fonts do not have, or one written from right to left",
        Reason.RenderOverflow => "Address does not fit the window, or a table row its page",
        Reason.RenderTooManyPages => "Letter has too many pages",
        Reason.JobCancelled => "The job was cancelled",
        Reason.OperatorRefused => "Refused by an operator",
        _ => "Unknown reason",
    };
}
