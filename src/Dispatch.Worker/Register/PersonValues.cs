using Dispatch.Routing.Identity;

namespace Dispatch.Worker.Register;

/// <summary>The values of a record of people.csv that are not text.</summary>
readonly record struct PersonValues
{
    public uint Cpr { get; private init; }

    public int Status { get; private init; }

    public DateOnly? StatusDate { get; private init; }

    /// <summary>0 = none.</summary>
    public uint CurrentCpr { get; private init; }

    public DateOnly? BirthDate { get; private init; }

    /// <summary>Days since 1900-01-01, from the date or the number.</summary>
    public int BirthDay =>
        BirthDate is { } date ? Routing.Register.BirthDay.From(date) : CprNumber.BirthDayOf(Cpr);

    public bool IsProtected { get; private init; }

    public bool IsExempt { get; private init; }

    public bool IsVoluntary { get; private init; }

    /// <summary>0 = none.</summary>
    public uint Guardian { get; private init; }

    /// <exception cref="Routing.DispatchException"><c>register.value</c></exception>
    public static PersonValues Read(RegisterFile file) => new()
    {
        Cpr = file.ReadCpr(PeopleColumn.Cpr),
        Status = file.ReadStatus(PeopleColumn.Status),
        StatusDate = file.ReadOptionalDate(PeopleColumn.StatusDate),
        CurrentCpr = file.ReadOptionalCpr(PeopleColumn.CurrentCpr),
        BirthDate = file.ReadOptionalDate(PeopleColumn.BirthDate),
        IsProtected = file.ReadFlag(PeopleColumn.Protected),
        IsExempt = file.ReadFlag(PeopleColumn.Exempt),
        IsVoluntary = file.ReadFlag(PeopleColumn.Voluntary),
        Guardian = file.ReadOptionalCpr(PeopleColumn.Guardian),
    };
}
