namespace Dispatch.Routing.Pipeline;

/// <summary>What a value is made of, as far as its fate is concerned.</summary>
public enum TextKind : byte
{
    /// <summary>Printable ASCII and letters up to U+017F: every font we take has them, nothing has to be
    /// measured.</summary>
    Plain,

    /// <summary>Allowed, but a glyph may be missing or a line break counts: the letter must be measured.</summary>
    Unusual,

    /// <summary>A character no letter may hold.</summary>
    Forbidden,
}
