namespace Dispatch.Worker.Database.Jobs;

/// <summary>Who sends.</summary>
/// <param name="Cvr">Eight digits with a valid check digit.</param>
/// <param name="Name">As the receiver sees it.</param>
/// <param name="IsPrivate">A private sender reaches only those digitally who registered with it.</param>
/// <param name="ReturnAddress">One to five lines.</param>
sealed record SenderOrder(string Cvr, string Name, bool IsPrivate, IReadOnlyList<string> ReturnAddress)
{
    public string Kind => IsPrivate ? "private" : "public";
}
