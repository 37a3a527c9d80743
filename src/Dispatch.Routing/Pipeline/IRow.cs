namespace Dispatch.Routing.Pipeline;

/// <summary>One record of a list, as the router reads it: from the CSV reader in the engine, from arrays in tests.
/// </summary>
public interface IRow
{
    int FieldCount { get; }

    /// <summary>The value of a field as UTF-8, quotes removed, not trimmed.</summary>
    ReadOnlySpan<byte> Field(int index);
}
