using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Security;

/// <summary>Where the key-encryption keys come from: a file, or a command. Never the database.</summary>
sealed class KeySource
{
    readonly KeyCommand? _command;

    KeySource(string file, KeyCommand? command, bool followsLink = true) =>
        (File, _command, FollowsLink) = (file, command, followsLink);

    /// <summary>Full path of the key file; empty when a command gives the keys.</summary>
    public string File { get; }

    /// <summary>Whether the key file may be a link: one that a setting names, as secrets are mounted by them. The data
    /// folder's own is a file.</summary>
    public bool FollowsLink { get; }

    public bool IsCommand => _command is not null;

    /// <exception cref="DispatchException"><c>settings.invalid</c>, exit 78.</exception>
    public static KeySource From(SecuritySettings settings, DataFolder data)
    {
        if (settings.KeyCommand.Count == 0)
        {
            return settings.KeyFile.Length > 0
                ? OfFile(Path.GetFullPath(settings.KeyFile))
                : new(Path.Combine(data.Keys, "kek"), null, followsLink: false);
        }

        return settings.KeyFile.Length == 0 ? new("", new KeyCommand(settings.KeyCommand, settings.KeyCommandLimit))
            : throw new DispatchException(
                "settings.invalid",
                "both Security:KeyFile and Security:KeyCommand are set; expected one of them; remove the other",
                ExitCode.Configuration);
    }

    public static KeySource OfFile(string file) => new(file, null);

    /// <summary>All keys there are, the one to wrap under first.</summary>
    /// <param name="mayCreate">False when the database holds wrapped keys: a new key would make every letter
    /// unreadable.
    /// </param>
    /// <exception cref="DispatchException"><c>key.missing</c>, <c>key.mode</c>, <c>key.invalid</c>, <c>key.command</c>;
    /// exit 78.</exception>
    public async Task<IReadOnlyList<KeyEncryptionKey>> ReadAsync(bool mayCreate, CancellationToken ct) =>
        _command is null ? KeyFile.ReadAll(File, mayCreate, FollowsLink) : await _command.ReadAsync(ct);
}
