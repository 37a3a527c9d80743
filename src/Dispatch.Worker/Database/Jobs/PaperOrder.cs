namespace Dispatch.Worker.Database.Jobs;

/// <summary>How the paper letters are made and posted.</summary>
sealed record PaperOrder
{
    /// <summary>Name of the envelope profile: <c>C5-left</c> or <c>C4-left</c>.</summary>
    public string Envelope { get; init; } = "C5-left";

    /// <summary><c>economy</c>, <c>standard</c> or <c>registered</c>.</summary>
    public string Postage { get; init; } = "economy";

    /// <summary>Printed on both sides.</summary>
    public bool IsDuplex { get; init; } = true;

    public bool IsColour { get; init; }

    /// <summary>Letters to people at one address go into one envelope.</summary>
    public bool JoinsHouseholds { get; init; }
}
