using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>Health and metrics of a worker over HTTP.</summary>
sealed record HealthSettings
{
    /// <summary>Port to listen on; 0 = nothing listens.</summary>
    [Range(0, 65_535)]
    public int Port { get; init; }

    /// <summary>Address to listen on; another than loopback is open to whoever reaches it.</summary>
    [RegularExpression("[0-9a-fA-F.:]{2,45}", ErrorMessage = "an IP address")]
    public string Address { get; init; } = "127.0.0.1";
}
