namespace Dispatch.System.Tests.Oracle;

/// <summary>One line of people.csv.</summary>
sealed record Person
{
    public required string Cpr { get; init; }

    public string Status { get; init; } = "01";

    public string CurrentCpr { get; init; } = "";

    /// <summary>The register's own birth date; null leaves it to the number.</summary>
    public DateOnly? BirthDate { get; init; }

    public string Name { get; init; } = "";

    public string Co { get; init; } = "";

    public string Street { get; init; } = "";

    public string Postcode { get; init; } = "";

    public string City { get; init; } = "";

    public string Country { get; init; } = "";

    public string Contact { get; init; } = "";

    public bool IsProtected { get; init; }

    public bool IsExempt { get; init; }

    public bool IsVoluntary { get; init; }

    /// <summary>Made by the world with an address of more than seven lines in the window.</summary>
    public bool HasOverlongAddress { get; init; }

    public DateOnly Born => BirthDate ?? RecipientNumber.BornIn(Cpr)!.Value;
}
