using Dispatch.PrintExport.Pdf;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Security;

namespace Dispatch.Worker.Intake;

/// <summary>What intake needs to know of the installation.</summary>
/// <param name="ListFolder">Where sealed lists go: <see cref="Database.Jobs.SpooledList.FolderOf"/>.</param>
/// <param name="Fonts">Part of the letter's version.</param>
sealed record IntakeSetting(string ListFolder, KeyRing Keys, FontSet Fonts)
{
    public IntakeLimits Limits { get; init; } = new();

    /// <summary>Senders that no operator added may send too.</summary>
    public bool TakesUnknownSenders { get; init; }

    /// <summary>In whose inbox the folder lies; null = in nobody's.</summary>
    public string? OnlySender { get; init; }

    /// <summary>The CVR number of the sender whose references of own letters nobody else may use; null = of nobody, or this
    /// is such a letter.</summary>
    public string? ReservedFor { get; init; }

    /// <summary>The job whose letters this one prints once more, from the same template version; null = it has a letter
    /// of its own.</summary>
    public AcceptedJob? PrintOf { get; init; }
}
