using System.Text;
using Dispatch.Routing;

namespace Dispatch.Worker.Register;

/// <summary>Reads fields of one form, or throws <c>register.value</c>.</summary>
static class RegisterFields
{
    const string CprForm = "ten digits DDMMYYSSSS with or without a hyphen, of a date that exists";

    /// <exception cref="DispatchException"><c>register.value</c></exception>
    public static uint ReadCpr(this RegisterFile file, int column) =>
        RegisterValue.TryCpr(file[column], out var cpr) ? cpr : throw file.ValueFault(column, CprForm);

    /// <exception cref="DispatchException"><c>register.value</c></exception>
    public static uint ReadOptionalCpr(this RegisterFile file, int column) =>
        RegisterValue.TryOptionalCpr(file[column], out var cpr)
            ? cpr
            : throw file.ValueFault(column, CprForm + ", or nothing");

    /// <exception cref="DispatchException"><c>register.value</c></exception>
    public static uint ReadCvr(this RegisterFile file, int column) =>
        RegisterValue.TryCvr(file[column], out var cvr) ? cvr : throw file.ValueFault(column, "eight digits");

    /// <exception cref="DispatchException"><c>register.value</c></exception>
    public static int ReadStatus(this RegisterFile file, int column) =>
        RegisterValue.TryStatus(file[column], out var status)
            ? (int)status
            : throw file.ValueFault(column, "two digits");

    /// <exception cref="DispatchException"><c>register.value</c></exception>
    public static DateOnly? ReadOptionalDate(this RegisterFile file, int column) =>
        RegisterValue.TryOptionalDate(file[column], out var date)
            ? date
            : throw file.ValueFault(column, "a date yyyy-MM-dd or nothing");

    /// <exception cref="DispatchException"><c>register.value</c></exception>
    public static DateTime ReadInstant(this RegisterFile file, int column) =>
        RegisterValue.TryInstant(file[column], out var utc)
            ? utc
            : throw file.ValueFault(column, "a date yyyy-MM-dd or a date and time yyyy-MM-ddTHH:mm:ss");

    /// <exception cref="DispatchException"><c>register.value</c></exception>
    public static bool ReadFlag(this RegisterFile file, int column) =>
        RegisterValue.TryFlag(file[column], out var flag) ? flag : throw file.ValueFault(column, "1, 0 or nothing");

    /// <exception cref="DispatchException"><c>register.value</c></exception>
    public static ReadOnlySpan<byte> ReadNotify(this RegisterFile file, int column)
    {
        var text = file[column];
        if (!RegisterValue.IsNotify(text))
        {
            throw file.ValueFault(column, "none, email, sms or both");
        }

        return text.IsEmpty ? "none"u8 : text;
    }

    public static string ReadText(this RegisterFile file, int column) =>
        file[column].IsEmpty ? "" : Encoding.UTF8.GetString(file[column]);

    /// <exception cref="DispatchException"><c>register.value</c></exception>
    public static ReadOnlySpan<byte> ReadCountry(this RegisterFile file, int column)
    {
        var text = file[column];
        return RegisterValue.IsCountry(text)
            ? text
            : throw file.ValueFault(column, "two capital letters (ISO 3166-1) or nothing");
    }
}
