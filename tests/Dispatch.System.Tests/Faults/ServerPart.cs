namespace Dispatch.System.Tests.Faults;

/// <summary>What of a database server.</summary>
enum ServerPart
{
    None,
    All,
    Log,
}
