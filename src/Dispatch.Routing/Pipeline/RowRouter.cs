using Dispatch.Routing.Identity;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;

namespace Dispatch.Routing.Pipeline;

/// <summary>
/// Takes one row through the rules: <c>row.columns</c>, the number (rule 1), the fields (rule 2), the register (3 to
/// 5), duplicates (6, told by the planning pass) and the person's facts (7 to 16). Allocates nothing per row; one
/// thread at a time.
/// </summary>
public sealed class RowRouter
{
    /// <summary>Longest value, in bytes of UTF-8.</summary>
    public const int FieldBytesMax = 8 * 1024 * 1024;

    const int HopsMax = 4;

    readonly ListColumns _columns;
    readonly RoutingPolicy _policy;
    readonly RegisterSnapshot _register;
    readonly int _today;
    readonly AgeTable _ages;
    readonly LetterColumn[] _letter;
    readonly int[] _unused;

    /// <param name="releaseDate">The job's local date of decision.</param>
    public RowRouter(ListColumns columns, RoutingPolicy policy, RegisterSnapshot register, DateOnly releaseDate)
    {
        _columns = columns;
        _policy = policy;
        _register = register;
        _today = BirthDay.From(releaseDate);
        _ages = new AgeTable(releaseDate);
        _letter = [.. columns.Letter];
        int[] used = [columns.Recipient, columns.Reference, .. columns.Letter.Select(column => column.Index)];
        _unused = [.. Enumerable.Range(0, columns.ColumnCount).Except(used)];
    }

    /// <summary>Routes a row and writes the values its letter needs.</summary>
    /// <param name="values">Takes reference and list fields as <see cref="LetterValues"/> lays them out; must hold
    /// <see cref="ValuesBound"/> bytes.</param>
    /// <param name="isDuplicate">The planning pass found an earlier row for the same person and reference.</param>
    public RoutedRow Route<TRow>(in TRow row, Span<byte> values, bool isDuplicate)
        where TRow : IRow, allows ref struct
    {
        if (row.FieldCount != _columns.ColumnCount)
        {
            return new(Reason.RowColumns, -1, default, WriteReference(row, values), false);
        }

        var recipient = Trim(row.Field(_columns.Recipient));
        var isCompany = CvrNumber.HasForm(recipient);
        var reason = ParseRecipient(recipient, isCompany, out var number, out var codePoint);
        if (reason != Reason.None)
        {
            return new(
                reason, -1, EffectFacts.NotFound(isCompany, 0), WriteReference(row, values), false,
                RoutedRow.RecipientColumn,
                codePoint);
        }

        var fields = CheckFields(row, values, isCompany);
        if (fields.Reason != Reason.None)
        {
            return fields;
        }

        var (found, index, hops) = isCompany ? FindCompany(number) : FindPerson(number);
        if (found != Reason.None)
        {
            return fields with { Reason = found, Facts = EffectFacts.NotFound(isCompany, hops) };
        }

        var person = _register.Facts(index);
        var age = isCompany ? 0 : _ages.AgeOf(_register.BirthDayOf(index));
        var isRegistered = _register.IsRegistered(index);
        var decided = isDuplicate
            ? Reason.Duplicate
            : RoutingRules.Decide(new RoutingCase(person, age, isRegistered, _policy));
        return fields with { Reason = decided, Index = index, Facts = EffectFacts.Of(person, isRegistered, age, hops) };
    }

    /// <summary>Whom a row means, by rules 1 and 3 to 5 alone: an index into the register, or −1. Much cheaper than
    /// <see cref="Route"/>.</summary>
    public int FindRecipient<TRow>(in TRow row)
        where TRow : IRow, allows ref struct
    {
        if (row.FieldCount != _columns.ColumnCount)
        {
            return -1;
        }

        var recipient = Trim(row.Field(_columns.Recipient));
        var isCompany = CvrNumber.HasForm(recipient);
        if (ParseRecipient(recipient, isCompany, out var number, out _) != Reason.None)
        {
            return -1;
        }

        var (reason, index, _) = isCompany ? FindCompany(number) : FindPerson(number);
        return reason == Reason.None ? index : -1;
    }

    /// <summary>An upper bound of the bytes <see cref="Route"/> writes for a row whose fields have this many bytes in
    /// all: a column is written once, with its length in front.</summary>
    public int ValuesBound(int rowBytes) => rowBytes + (_letter.Length + 1) * LetterValues.LengthBytesMax;

    static Reason ParseRecipientFault(ReadOnlySpan<byte> recipient, out int codePoint)
    {
        // A control character or line break in the number is a forbidden character first: it would break every file the
        // row is named in.
        codePoint = 0;
        var control = recipient.IndexOfAnyInRange((byte)0, (byte)0x1F);
        if (control < 0)
        {
            return Reason.None;
        }

        codePoint = recipient[control];
        return Reason.FieldChar;
    }

    static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim((byte)' ');

    Reason ParseRecipient(ReadOnlySpan<byte> recipient, bool isCompany, out uint number, out int codePoint)
    {
        codePoint = 0;
        Reason reason;
        if (isCompany)
        {
            reason = CvrNumber.Parse(recipient, out var cvr);
            number = cvr.Value;
            return reason;
        }

        reason = CprNumber.Parse(recipient, _today, out var cpr);
        number = cpr.Value;
        if (reason == Reason.CprChars && ParseRecipientFault(recipient, out codePoint) is Reason.FieldChar)
        {
            return Reason.FieldChar;
        }

        return reason;
    }

    RoutedRow CheckFields<TRow>(in TRow row, Span<byte> values, bool isCompany)
        where TRow : IRow, allows ref struct
    {
        var facts = EffectFacts.NotFound(isCompany, 0);
        var isPlain = true;
        var length = 0;
        if (_columns.Reference >= 0)
        {
            var reference = Trim(row.Field(_columns.Reference));
            var kind = ValueText.Classify(reference, out var codePoint);
            if (kind == TextKind.Forbidden || reference.IndexOfAny((byte)'\n', (byte)'\r') >= 0)
            {
                return new(
                    Reason.FieldChar, -1, facts, LetterValues.Write(values, default), false, RoutedRow.ReferenceColumn,
                    codePoint);
            }

            length = LetterValues.Write(values, reference);
        }
        else
        {
            length = LetterValues.Write(values, default);
        }

        var referenceLength = length;
        for (var i = 0; i < _letter.Length; i++)
        {
            var column = _letter[i];
            var value = Trim(row.Field(column.Index));
            var reason = CheckValue(column, value, out var kind, out var codePoint);
            if (reason != Reason.None)
            {
                return new(reason, -1, facts, referenceLength, false, i, codePoint);
            }

            isPlain &= kind == TextKind.Plain;
            length += LetterValues.Write(values[length..], value);
        }

        foreach (var index in _unused)
        {
            if (ValueText.Classify(row.Field(index), out var codePoint) == TextKind.Forbidden)
            {
                return new(Reason.FieldChar, -1, facts, referenceLength, false, RoutedRow.UnusedColumn, codePoint);
            }
        }

        return new(Reason.None, -1, facts, length, isPlain);
    }

    static Reason CheckValue(LetterColumn column, ReadOnlySpan<byte> value, out TextKind kind, out int codePoint)
    {
        codePoint = 0;
        kind = TextKind.Plain;
        if (value.Length == 0)
        {
            return column.IsRequired ? Reason.FieldMissing : Reason.None;
        }

        if (value.Length > FieldBytesMax)
        {
            return Reason.FieldTooLong;
        }

        // Numbers and dates, most of what lists hold, are plain when they are of their format.
        var isOfFormats = AreFormats(column, value, out var isPlain);
        if (!isOfFormats || !isPlain)
        {
            kind = ValueText.Classify(value, out codePoint);
        }

        return kind == TextKind.Forbidden ? Reason.FieldChar : isOfFormats ? Reason.None : Reason.FieldFormat;
    }

    static bool AreFormats(LetterColumn column, ReadOnlySpan<byte> value, out bool isPlain)
    {
        isPlain = false;
        foreach (var format in column.Formats)
        {
            if (!FieldFormats.IsValid(format, value))
            {
                return false;
            }

            isPlain |= format != FieldFormat.Text;
        }

        return true;
    }

    int WriteReference<TRow>(in TRow row, Span<byte> values)
        where TRow : IRow, allows ref struct
    {
        if (_columns.Reference < 0 || _columns.Reference >= row.FieldCount)
        {
            return LetterValues.Write(values, default);
        }

        var reference = Trim(row.Field(_columns.Reference));
        var isSafe = reference.Length <= FieldBytesMax && ValueText.Classify(reference, out _) != TextKind.Forbidden
            && reference.IndexOfAny((byte)'\n', (byte)'\r') < 0;
        return LetterValues.Write(values, isSafe ? reference : default);
    }

    (Reason Reason, int Index, int Hops) FindCompany(uint number)
    {
        var index = _register.FindCompany(number);
        return (index < 0 ? Reason.RegisterUnknown : Reason.None, index, 0);
    }

    // Rules 3 to 5: rules 3 and 4 apply to the person reached.
    (Reason Reason, int Index, int Hops) FindPerson(uint number)
    {
        for (var hops = 0; ; hops++)
        {
            var index = _register.FindPerson(number);
            if (index < 0)
            {
                return (Reason.RegisterUnknown, -1, hops);
            }

            var status = _register.Facts(index).Status;
            if (CivilStatus.IsReplaced(status))
            {
                number = _register.CurrentCpr(index);
                if (number == 0)
                {
                    return (Reason.RegisterUnknown, -1, hops);
                }

                if (hops == HopsMax)
                {
                    return (Reason.RegisterLoop, -1, hops);
                }

                continue;
            }

            var reason = CivilStatus.IsAnnulled(status) ? Reason.RegisterAnnulled
                : CivilStatus.IsKnown(status) ? Reason.None
                : Reason.RegisterStatus;
            return (reason, index, hops);
        }
    }
}
