namespace Dispatch.Worker.Database.Jobs;

/// <summary>How the characters of a list are written.</summary>
enum ListEncoding
{
    /// <summary>With or without a byte order mark.</summary>
    Utf8,

    Windows1252,

    /// <summary>Either byte order; the byte order mark must be there.</summary>
    Utf16,
}
