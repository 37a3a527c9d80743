using System.CommandLine;

namespace Dispatch.Worker.Commands;

/// <summary>The options every command has.</summary>
static class GlobalOptions
{
    const string DataVariable = "DISPATCH_DATA";

    public static readonly Option<string> Data = new("--data")
    {
        Description = "The folder for everything dispatch writes [env: DISPATCH_DATA]",
        HelpName = "DIR",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } named
            ? named
            : "./dispatch-data",
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print the result as one JSON document",
        Recursive = true,
    };

    public static readonly Option<bool> Quiet = new("--quiet")
    {
        Description = "Show no progress",
        Recursive = true,
    };

    public static readonly Option<string[]> Set = new("--set")
    {
        Description = "Overrule one setting; may be repeated",
        HelpName = "Section:Key=value",
        Recursive = true,
    };

    public static void AddTo(RootCommand root)
    {
        root.Add(Data);
        root.Add(Json);
        root.Add(Quiet);
        root.Add(Set);
    }
}
