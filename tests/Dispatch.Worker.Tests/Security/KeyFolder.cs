using Dispatch.Worker.Security;

namespace Dispatch.Worker.Tests.Security;

/// <summary>A folder for key files, and scripts that print keys.</summary>
sealed class KeyFolder : IDisposable
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Root { get; } = Directory.CreateTempSubdirectory("dispatch-keys-").FullName;

    public string File => Path.Combine(Root, "kek");

    public KeySource Source => KeySource.OfFile(File);

    public Task<KeyRing> OpenAsync(bool mayCreate = false) =>
        KeyRing.OpenAsync(Source, mayCreate, CancellationToken.None);

    /// <summary>Puts a key file there; gives the key's id.</summary>
    public string Put(string name, string? text = null)
    {
        var content = text ?? KeyEncryptionKey.NewText();
        var path = Path.Combine(Root, name);
        System.IO.File.WriteAllText(path, content);
        System.IO.File.SetUnixFileMode(path, OwnerOnly);
        return KeyEncryptionKey.Parse(content)?.KeyId ?? "";
    }

    /// <summary>A program made of a shell script's lines.</summary>
    public string Script(string lines)
    {
        var path = Path.Combine(Root, "vault");
        System.IO.File.WriteAllText(path, "#!/bin/sh\n" + lines + "\n");
        System.IO.File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.UserExecute);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
