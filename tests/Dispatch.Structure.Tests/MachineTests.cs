namespace Dispatch.Structure.Tests;

/// <summary>The project stands on its own: no path of the machine it was written on.</summary>
public sealed class MachineTests
{
    // Put together here, so that this file does not hold them.
    static readonly string[] Foreign = ["/wo" + "rk/", "/tmp" + "/w/", "/home" + "/", "." + "library"];

    [Fact]
    public void Files_All_NameNoForeignPath()
    {
        var faults = from file in Repository.TextFiles()
                     from word in Foreign
                     where Repository.Text(file).Contains(word, StringComparison.Ordinal)
                     select $"{file}: {word}";

        Repository.ExpectNone(faults);
    }
}
