using Dispatch.Routing;

namespace Dispatch.Worker.Security;

/// <summary>
/// The key-encryption keys of this installation, by id. During a rotation there are several: what an old one wrapped
/// still opens, and a key that came after this process was started is looked for where keys come from.
/// </summary>
sealed class KeyRing
{
    readonly KeySource _source;
    volatile IReadOnlyList<KeyEncryptionKey> _keys;
    volatile KeyEncryptionKey _current;

    KeyRing(KeySource source, IReadOnlyList<KeyEncryptionKey> keys)
    {
        (_source, _keys, _current) = (source, keys, keys[0]);
    }

    public KeySource Source => _source;

    /// <summary>The first key of the source: the one a rotation goes to.</summary>
    public string FirstKeyId => _keys[0].KeyId;

    /// <summary>Opens the keys there are, or makes one while nothing depends on a key yet.</summary>
    public static async Task<KeyRing> OpenAsync(KeySource source, bool mayCreate, CancellationToken ct) =>
        new(source, await source.ReadAsync(mayCreate, ct));

    /// <summary>From now on new data keys are wrapped under this one.</summary>
    /// <exception cref="DispatchException"><c>key.wrong</c>, exit 78: the key is not here.</exception>
    public async Task UseAsync(string keyId, CancellationToken ct) => _current = await FindAsync(keyId, ct);

    public JobKey CreateJobKey() => _current.CreateJobKey();

    /// <exception cref="DispatchException"><c>key.wrong</c>, exit 78: the key that wrapped it is not here.</exception>
    public async Task<JobKey> UnwrapAsync(byte[] wrapped, string keyId, CancellationToken ct) =>
        (await FindAsync(keyId, ct)).Unwrap(wrapped) ?? throw new DispatchException(
            "key.wrong",
            $"key '{keyId}' does not open a job's data key that was wrapped under it; expected it as it was stored; the table of jobs "
            + "was changed or restored in part: restore the whole database",
            ExitCode.Configuration);

    /// <summary>Wraps a data key once more, under another key.</summary>
    public async Task RewrapAsync(JobKey key, string keyId, CancellationToken ct) =>
        key.WrapUnder(await FindAsync(keyId, ct));

    /// <summary>Reads the keys anew: one came or went.</summary>
    public async Task ReadAgainAsync(CancellationToken ct) => _keys = await _source.ReadAsync(mayCreate: false, ct);

    /// <summary>A key for a file that can be made again when the key-encryption key is gone.</summary>
    /// <param name="salt">Random, kept with the file.</param>
    /// <param name="purpose">What the file is, so that no two kinds share a key.</param>
    public byte[] DeriveFileKey(ReadOnlySpan<byte> salt, string purpose) =>
        _current.Derive(salt, $"dispatch file {purpose}");

    /// <summary>The key mailbox tickets are signed with, 256 bits. The database holds it too; it tells nothing of the
    /// key it is made of.</summary>
    public byte[] DeriveTicketKey() => _current.Derive([], "dispatch mailbox tickets");

    async Task<KeyEncryptionKey> FindAsync(string keyId, CancellationToken ct)
    {
        // Twice: a file may get its name between the reading of one and of the next.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (_keys.FirstOrDefault(key => key.KeyId == keyId) is { } found)
            {
                return found;
            }

            await ReadAgainAsync(ct);
        }

        throw new DispatchException(
            "key.wrong",
            $"the database's data keys are wrapped under key '{keyId}'; found here: '{string.Join("', '", _keys.Select(key => key.KeyId))}'; "
            + "expected that key; put it back from your backup",
            ExitCode.Configuration);
    }
}
