namespace Dispatch.PrintExport.Handoff;

/// <summary>A print house's SFTP server, and how we know it and it knows us.</summary>
/// <param name="Folder">On the server; files are put there.</param>
/// <param name="KeyFile">Our private key, without a passphrase, readable by us alone.</param>
/// <param name="KnownHostsFile">The server's pinned host keys; no other is ever accepted or learnt.</param>
/// <param name="TransferTimeout">For one session: all of a batch must get through in it.</param>
public sealed record SftpTarget(
    string Host, int Port, string User, string Folder, string KeyFile, string KnownHostsFile, TimeSpan ConnectTimeout,
    TimeSpan TransferTimeout);
