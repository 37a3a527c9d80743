using System.Globalization;

namespace Dispatch.LoadRun;

/// <summary>
/// How long do many changes to a whole nation's register take, and the search for who crossed the border because of
/// them, each as a command with the start and stop of the embedded database?
/// </summary>
static class NationalChanges
{
    public const string Header =
        "| people | changes | import s | changes s | worker peak MB | the same again s | border search s | search of a "
        + "day without changes s |\n|---|---|---|---|---|---|---|---|";

    public static string Measure(string program, int people, int changes)
    {
        using var folder = new LoadFolder();
        var changeSet = folder.Inside("changes");
        folder.Generate(program, people);
        RegisterChangeSet.Write(folder.Register, changeSet, people, changes);
        var imported = folder.Import(program);
        var changed = folder.Run(program, "register", "import", "--changes", changeSet);
        var again = folder.Run(program, "register", "import", "--changes", changeSet);
        var searched = folder.Run(program, "register", "apply");
        var idle = folder.Run(program, "register", "apply");
        string[] cells =
        [
            Text(people), Text(changes), Text(imported.Seconds), Text(changed.Seconds),
            Text(changed.PeakBytes / 1_000_000), Text(again.Seconds), Text(searched.Seconds), Text(idle.Seconds),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string Text(double number) => number.ToString("0.0", CultureInfo.InvariantCulture);
}
