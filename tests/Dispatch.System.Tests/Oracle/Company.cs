namespace Dispatch.System.Tests.Oracle;

/// <summary>One line of companies.csv.</summary>
sealed record Company
{
    public required string Cvr { get; init; }

    public string Name { get; init; } = "";

    public string Street { get; init; } = "";

    public string Postcode { get; init; } = "";

    public string City { get; init; } = "";

    public bool IsActive { get; init; } = true;

    public bool IsExempt { get; init; }
}
