using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>Where the key-encryption key is.</summary>
sealed record SecuritySettings
{
    /// <summary>File with the key-encryption key; empty = one is made in <c>DATA/keys/</c>.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>A program and its arguments that print the key-encryption key, as from a vault; empty = a file holds
    /// it.</summary>
    public IReadOnlyList<string> KeyCommand { get; init; } = [];

    /// <summary>How long the command may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeyCommandLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the token of <c>keys forget</c> is good for.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ForgetTokenLimit { get; init; } = TimeSpan.FromMinutes(15);
}
