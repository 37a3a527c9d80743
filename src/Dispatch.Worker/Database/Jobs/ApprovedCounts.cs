using System.Globalization;

namespace Dispatch.Worker.Database.Jobs;

/// <summary>How many rows of a job somebody approved, by channel.</summary>
readonly record struct ApprovedCounts(int Digital, int Paper, int Held, int Refused)
{
    /// <summary>A count may move by one in so many without being asked about again.</summary>
    const int MovesByOneIn = 100;

    /// <summary>In the order of the columns.</summary>
    public int[] Each => [Digital, Paper, Held, Refused];

    /// <summary>No count is further from the approved one than a hundredth of that.</summary>
    public bool IsCloseTo(ApprovedCounts approved) => Each.Zip(approved.Each)
        .All(pair => (long)Math.Abs(pair.First - pair.Second) * MovesByOneIn <= pair.Second);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Digital} digital, {Paper} paper, {Held} held, {Refused} refused");
}
