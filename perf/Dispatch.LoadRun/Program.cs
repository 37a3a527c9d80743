using System.Globalization;
using Dispatch.LoadRun;
using Dispatch.LoadRun.Engines;
using Dispatch.LoadRun.Limits;

// dotnet run -c Release --project perf/Dispatch.LoadRun -- PROGRAM [PEOPLE ...]
// PROGRAM is a published dispatch; each PEOPLE is one country, about 0.83 rows a person.
// dotnet run -c Release --project perf/Dispatch.LoadRun -- digital PROGRAM PEOPLE
// A whole send of digital letters alone.
// dotnet run -c Release --project perf/Dispatch.LoadRun -- sealing PROGRAM [PEOPLE]
// What sealing costs a whole send.
// dotnet run -c Release --project perf/Dispatch.LoadRun -- killed PROGRAM PEOPLE
// dotnet run -c Release --project perf/Dispatch.LoadRun -- changes PROGRAM PEOPLE CHANGES
// CHANGES changes to a register of PEOPLE people. changeset REGISTER FOLDER PEOPLE CHANGES writes the changes alone.
// dotnet run -c Release --project perf/Dispatch.LoadRun -- letters [RUNS]
// The composer beside ReportLab and Apache FOP; from the root of the repository.
// dotnet run -c Release --project perf/Dispatch.LoadRun -- engines PROGRAM PEOPLE RUNS [ENGINE ...]
// A whole send beside other ways to do it: all of them, or those named.
// dotnet run -c Release --project perf/Dispatch.LoadRun -- notices SMTP_SINK [PEOPLE [SECONDS]]
// Notices made for a job of so many letters, and handed to Postfix's smtp-sink for so long.
// dotnet run -c Release --project perf/Dispatch.LoadRun -- limits LETTERS
// How fast the machine does what a send of so many letters cannot do without.
switch (args)
{
    case []:
        Console.Error.WriteLine(
            "usage: Dispatch.LoadRun PROGRAM [PEOPLE ...], PROGRAM is what dotnet publish made; "
                + "or: Dispatch.LoadRun letters [RUNS]");
        return 2;
    case ["compose", var sample, var path, var letters]:
        ComposedLetters.Write(sample, path, int.Parse(letters, CultureInfo.InvariantCulture));
        return 0;
    case ["digital", var sender, var size]:
        Console.WriteLine(NationalSend.MeasureDigital(sender, int.Parse(size, CultureInfo.InvariantCulture)));
        return 0;
    case ["sealing", var sealing, ..]:
        Console.WriteLine(SealingCost.Measure(
            sealing, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 6_030_000));
        return 0;
    case ["read-back", var path]:
        ComposedLetters.ReadBack(path);
        return 0;
    case ["killed", var program, var size]:
        Console.WriteLine(KilledSend.Measure(program, int.Parse(size, CultureInfo.InvariantCulture)));
        return 0;
    case ["changes", var changer, var people, var changes]:
        Console.WriteLine(NationalChanges.Header);
        Console.WriteLine(NationalChanges.Measure(
            changer, int.Parse(people, CultureInfo.InvariantCulture),
            int.Parse(changes, CultureInfo.InvariantCulture)));
        return 0;
    case ["changeset", var register, var folder, var count, var wanted]:
        RegisterChangeSet.Write(
            register, folder, int.Parse(count, CultureInfo.InvariantCulture),
            int.Parse(wanted, CultureInfo.InvariantCulture));
        return 0;
    case ["engines", var program, var people, var runs, .. var peers]:
        await EngineComparison.CompareAsync(
            program, int.Parse(people, CultureInfo.InvariantCulture), int.Parse(runs, CultureInfo.InvariantCulture),
            peers);
        return 0;
    case ["peer", var name, var connectionString, var list, var rows]:
        await EngineComparison.SendAsync(
            name, connectionString, list, int.Parse(rows, CultureInfo.InvariantCulture));
        return 0;
    case ["notices", var sink, ..]:
        Console.WriteLine(await NoticeSpeed.MeasureAsync(
            sink, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 4_000_000,
            TimeSpan.FromSeconds(args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 60)));
        return 0;
    case ["limits", var all]:
        await MachineLimits.MeasureAsync(int.Parse(all, CultureInfo.InvariantCulture));
        return 0;
    case ["letters", ..]:
        LetterComparison.Compare(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3);
        return 0;
}

int[] countries = args.Length > 1
    ? [.. args.Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture))]
    : [60_400, 1_200_000, 6_030_000];
Console.WriteLine(NationalSend.Header);
foreach (var people in countries)
{
    Console.WriteLine(NationalSend.Measure(args[0], people));
}

return 0;
