namespace Dispatch.PrintExport.Tests;

/// <summary>A folder that goes when the test ends.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dispatch-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
