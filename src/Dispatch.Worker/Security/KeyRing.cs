using System.Security.Cryptography;
using System.Text;
using Dispatch.Routing;

namespace Dispatch.Worker.Security;

/// <summary>
/// The key-encryption key, kept in a file outside the database. It wraps the jobs' data keys (AES-256-GCM, a random
/// 96-bit nonce each) and does nothing else.
/// </summary>
sealed class KeyRing
{
    const int KeyBytes = 32;
    const int NonceBytes = 12;
    const int TagBytes = 16;

    readonly byte[] _key;

    KeyRing(byte[] key)
    {
        _key = key;
        KeyId = Convert.ToHexStringLower(SHA256.HashData([.. "dispatch key id"u8, .. key]))[..16];
    }

    /// <summary>Names the key without telling it.</summary>
    public string KeyId { get; }

    /// <summary>Opens the key file, or makes one while nothing depends on a key yet.</summary>
    /// <param name="file">Full path; 64 hexadecimal digits, readable by its owner only.</param>
    /// <param name="mayCreate">False when the database holds wrapped keys: a new key would make every letter unreadable.
    /// </param>
    /// <exception cref="DispatchException"><c>key.missing</c>, <c>key.mode</c>, <c>key.invalid</c>; exit 78.</exception>
    public static KeyRing Open(string file, bool mayCreate)
    {
        if (!File.Exists(file))
        {
            if (!mayCreate)
            {
                throw new DispatchException(
                    "key.missing",
                    $"no key file at '{file}', but the database holds letters sealed under one; expected the key file of this "
                    + "installation; put it back from your backup",
                    ExitCode.Configuration);
            }

            Create(file);
        }

        var mode = File.GetUnixFileMode(file);
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if ((mode & Others) != 0)
        {
            throw new DispatchException(
                "key.mode", $"key file '{file}' can be read by others than its owner; expected mode 0600; run chmod 600 '{file}'",
                ExitCode.Configuration);
        }

        return new KeyRing(Read(file));
    }

    public JobKey CreateJobKey()
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var wrapped = new byte[NonceBytes + KeyBytes + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(
            wrapped.AsSpan(0, NonceBytes), key, wrapped.AsSpan(NonceBytes, KeyBytes), wrapped.AsSpan(NonceBytes + KeyBytes));
        return new JobKey(key, wrapped, KeyId);
    }

    /// <exception cref="DispatchException"><c>key.wrong</c>, exit 78: another key wrapped this job's data key.</exception>
    public JobKey Unwrap(byte[] wrapped, string keyId)
    {
        var key = new byte[KeyBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(
                wrapped.AsSpan(0, NonceBytes), wrapped.AsSpan(NonceBytes, KeyBytes), wrapped.AsSpan(NonceBytes + KeyBytes), key);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new DispatchException(
                "key.wrong",
                $"key '{KeyId}' does not open the job's data key, which was wrapped under key '{keyId}'; expected that key's file; "
                + "put it back from your backup",
                ExitCode.Configuration);
        }

        return new JobKey(key, wrapped, keyId);
    }

    /// <summary>A key for a file of the engine's own that can be made again when the key-encryption key is gone.</summary>
    /// <param name="salt">Random, kept with the file.</param>
    /// <param name="purpose">What the file is, so that no two kinds share a key.</param>
    public byte[] DeriveFileKey(ReadOnlySpan<byte> salt, string purpose)
    {
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, salt, Encoding.UTF8.GetBytes($"dispatch file {purpose}"));
        return key;
    }

    static byte[] Read(string file)
    {
        var text = File.ReadAllText(file, Encoding.ASCII).Trim();
        if (text.Length == KeyBytes * 2 && text.All(char.IsAsciiHexDigit))
        {
            var key = Convert.FromHexString(text);
            if (key.AsSpan().ContainsAnyExcept((byte)0))
            {
                return key;
            }
        }

        throw new DispatchException(
            "key.invalid", $"key file '{file}' does not hold a key; expected 64 hexadecimal digits, not all zero; put it back "
            + "from your backup",
            ExitCode.Configuration);
    }

    // Written whole before it gets its name, and made durable: a key lost in a power cut takes every letter with it.
    static void Create(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var draft = Path.Combine(folder, $".{Path.GetFileName(file)}.{Environment.ProcessId}.part");
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            // Does not overwrite: of two processes that start at once, one key wins and both read it.
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
    }
}
