using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>As whom the operator of Digital Post writes to people: receipts for exemptions, welcome letters.</summary>
sealed record OwnSenderSettings
{
    /// <summary>CVR number; empty = no such letters are sent, they wait.</summary>
    [RegularExpression("([0-9]{8})?", ErrorMessage = "a CVR number of eight digits, or empty")]
    public string Cvr { get; init; } = "";

    /// <summary>The sender's name on the letters.</summary>
    public string Name { get; init; } = "Digital Post";

    /// <summary>Lines of the return address.</summary>
    public IReadOnlyList<string> ReturnAddress { get; init; } = [];
}
