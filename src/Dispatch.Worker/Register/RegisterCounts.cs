namespace Dispatch.Worker.Register;

/// <summary>What an import did.</summary>
/// <param name="Version">The new version of the register.</param>
/// <param name="Added">People and companies never seen before.</param>
/// <param name="Removed">People and companies that are no longer in the register; they keep their ids.</param>
sealed record RegisterCounts(
    long Version, int People, int Companies, int ReadAccess, int Registrations, int Added, int Removed);
