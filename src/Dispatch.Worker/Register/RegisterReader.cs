using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Register;
using Npgsql;

namespace Dispatch.Worker.Register;

/// <summary>What the rest of the engine asks the register. Every answer comes from one version of it; rows that are no
/// longer in the register are in none.</summary>
/// <param name="images">Where the whole register is kept for the next start; null = nowhere.</param>
sealed class RegisterReader(NpgsqlDataSource db, RegisterImageFolder? images = null)
{
    const string VersionSql = "select coalesce(max(version), 0) from register.versions";

    const string CountSql =
        "select coalesce((select people from register.versions order by version desc limit 1), 0)";

    /// <summary>Everybody.</summary>
    /// <param name="withNames">Only when the letter prints them: they are two thirds of the memory.</param>
    /// <param name="privateSenderCvr">Whose registrations to load; null for a public sender.</param>
    public Task<RegisterSnapshot> LoadAsync(bool withNames, int? privateSenderCvr, CancellationToken ct) =>
        Task.Run(() => WholeRegister.LoadAsync(db, images, withNames, privateSenderCvr, ct), ct);

    /// <summary>These numbers, and all numbers that stand for the same people: for lists that are small beside the
    /// register.</summary>
    public Task<RegisterSnapshot> LoadForAsync(
        IReadOnlyCollection<uint> cprs, IReadOnlyCollection<uint> cvrs, bool withNames, int? privateSenderCvr,
        CancellationToken ct) =>
        PartOfRegister.LoadAsync(db, cprs, cvrs, withNames, privateSenderCvr, ct);

    /// <summary>The newest version; 0 before the first import.</summary>
    public async Task<long> VersionAsync(CancellationToken ct)
    {
        await using var command = db.CreateCommand(VersionSql);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>How many people are in the register.</summary>
    public async Task<int> CountAsync(CancellationToken ct)
    {
        await using var command = db.CreateCommand(CountSql);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Names and addresses of people and companies by person_id; ids not in the register are left out.</summary>
    /// <returns>Null when the register is of another version by now.</returns>
    public Task<Dictionary<int, PostalParty>?> AddressesAsync(
        IReadOnlyCollection<int> personIds, long version, CancellationToken ct) =>
        AddressBook.LoadAsync(db, personIds, version, ct);
}
