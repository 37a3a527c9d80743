namespace Dispatch.Worker.Diagnostics;

/// <summary>How a connection to an SMTP server is kept secret.</summary>
enum EmailTls
{
    /// <summary>Begins in the clear and says nothing before it is encrypted; a server that cannot is refused.</summary>
    StartTls,

    /// <summary>Encrypted from the first byte, as on port 465.</summary>
    Implicit,

    /// <summary>Not at all: this machine only.</summary>
    None,
}
