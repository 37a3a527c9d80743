namespace Dispatch.Worker.Scheduling;

/// <summary>Why a worker takes nothing.</summary>
/// <param name="Code">As of an error; empty = it takes work.</param>
/// <param name="Folders">Which of the data folder's folders it is about, by name; empty = none of them.</param>
sealed record Gate(string Code, string Folders = "")
{
    public static readonly Gate Open = new("");

    public bool IsClosed => Code.Length > 0;

    /// <summary>As it is kept beside the worker's name.</summary>
    public string Stored => Folders.Length == 0 ? Code : $"{Code} {Folders}";

    public static Gate Of(string stored) => stored.Split(' ', 2) is [var code, var folders]
        ? new(code, folders)
        : new(stored);

    /// <summary>For people.</summary>
    public override string ToString() => Folders.Length == 0 ? Code : $"{Code} ({Folders})";
}
