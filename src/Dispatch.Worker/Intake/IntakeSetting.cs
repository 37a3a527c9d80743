using Dispatch.Worker.Security;

namespace Dispatch.Worker.Intake;

/// <summary>What intake needs to know of the installation.</summary>
/// <param name="ListFolder">Where sealed lists go: <see cref="Database.Jobs.SpooledList.FolderOf"/>.</param>
/// <param name="FontHashes">SHA-256 of each font file, hexadecimal: part of the letter's version.</param>
sealed record IntakeSetting(string ListFolder, KeyRing Keys, IReadOnlyList<string> FontHashes)
{
    public IntakeLimits Limits { get; init; } = new();
}
