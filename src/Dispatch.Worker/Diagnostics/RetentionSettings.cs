using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>
/// How many days what is no longer needed is kept, counted from the last thing that happened to its job. The least is
/// also what the database lets pass: a mistyped number destroys nothing of this month. The most is as good as for ever.
/// </summary>
sealed record RetentionSettings
{
    const int DaysMin = 30;
    const int DaysMax = 36_500;

    /// <summary>The list in the spool, sealed. What became of its rows stays.</summary>
    [Range(DaysMin, DaysMax)]
    public int ListDays { get; init; } = 90;

    /// <summary>What stands in digital letters. Afterwards nobody can read them: mailboxes are kept by
    /// default.</summary>
    [Range(DaysMin, DaysMax)]
    public int LetterDays { get; init; } = DaysMax;

    /// <summary>What stands in letters on paper, names and addresses with it.</summary>
    [Range(DaysMin, DaysMax)]
    public int PieceDays { get; init; } = 365;

    /// <summary>Print files that nobody took from the outbox.</summary>
    [Range(DaysMin, DaysMax)]
    public int PrintFileDays { get; init; } = 90;

    /// <summary>Whom notices of a job were for, and when; how many of each went where stays.</summary>
    [Range(DaysMin, DaysMax)]
    public int NoticeDays { get; init; } = 365;

    /// <summary>To whom the operator of Digital Post owed letters, and which letters a print-out had; the jobs
    /// stay.</summary>
    [Range(DaysMin, DaysMax)]
    public int OwnLetterDays { get; init; } = 365;

    /// <summary>Receipt files as they came; what they said stays.</summary>
    [Range(DaysMin, DaysMax)]
    public int ReceiptDays { get; init; } = 1_825;
}
