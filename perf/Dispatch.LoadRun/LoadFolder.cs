using System.Globalization;

namespace Dispatch.LoadRun;

/// <summary>A temporary folder for one measured program, its country and its data, that goes with all they leave in
/// it.</summary>
sealed class LoadFolder : IDisposable
{
    const UnixFileMode Passable = (UnixFileMode)0b111_001_001;

    readonly string _path = Directory.CreateTempSubdirectory("dispatch-load-").FullName;

    /// <summary>The embedded server's user can pass both folders, so that its cluster lies within and goes with them,
    /// for root too.</summary>
    public LoadFolder()
    {
        File.SetUnixFileMode(_path, Passable);
        Data = Directory.CreateDirectory(Inside("data"), Passable).FullName;
        Register = Inside("country/register");
        Job = Inside("country/tax-statement");
    }

    public string Data { get; }

    /// <summary>What every command on this folder begins with.</summary>
    public string[] Common => ["--data", Data, "--quiet"];

    /// <summary>The country's, once it is made.</summary>
    public string Register { get; }

    public string Job { get; }

    public string Inside(string name) => Path.Combine(_path, name);

    public MeasuredProcess Run(string program, params string[] command) =>
        MeasuredProcess.Run(program, [.. Common, .. command]);

    /// <summary>The same country for the same number of people.</summary>
    public MeasuredProcess Generate(string program, int people) => Run(
        program, "generate", "--people", people.ToString(CultureInfo.InvariantCulture), "--seed", "1", "--out",
        Inside("country"));

    public MeasuredProcess Import(string program) => Run(program, "register", "import", Register);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
