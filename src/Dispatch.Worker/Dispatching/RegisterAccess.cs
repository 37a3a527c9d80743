using Dispatch.PrintExport.Layout;
using Dispatch.Routing.Register;

namespace Dispatch.Worker.Dispatching;

/// <summary>Reads the postal facts of people and companies by their ids, of one version of the register.</summary>
/// <returns>Null when the register is of another version by now.</returns>
delegate Task<Dictionary<int, PostalParty>?> ReadAddresses(
    IReadOnlyCollection<int> personIds, long version, CancellationToken ct);

/// <summary>What dispatching asks of the register slice; put together where the commands are.</summary>
/// <param name="Version">Newest register version.</param>
/// <param name="Count">People in the register.</param>
/// <param name="Load">Everybody.</param>
/// <param name="LoadFor">These people and companies, and whom their numbers lead to.</param>
sealed record RegisterAccess(
    Func<CancellationToken, Task<long>> Version,
    Func<CancellationToken, Task<int>> Count,
    Func<bool, int?, CancellationToken, Task<RegisterSnapshot>> Load,
    Func<IReadOnlyCollection<uint>, IReadOnlyCollection<uint>, bool, int?, CancellationToken, Task<RegisterSnapshot>> LoadFor,
    ReadAddresses Addresses);
