using Dispatch.LoadRun;

// dotnet run -c Release --project perf/Dispatch.LoadRun -- PROGRAM [PEOPLE ...]
// PROGRAM is a published dispatch; each PEOPLE is one country, about 0.83 rows a person.
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: Dispatch.LoadRun PROGRAM [PEOPLE ...]; PROGRAM is what dotnet publish made");
    return 2;
}

int[] countries = args.Length > 1
    ? [.. args.Skip(1).Select(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture))]
    : [60_400, 1_200_000, 6_030_000];
Console.WriteLine(NationalSend.Header);
foreach (var people in countries)
{
    Console.WriteLine(NationalSend.Measure(args[0], people));
}

return 0;
