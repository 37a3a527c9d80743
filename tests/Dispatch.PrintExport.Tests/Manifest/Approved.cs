using System.Runtime.CompilerServices;

namespace Dispatch.PrintExport.Tests.Manifest;

/// <summary>Files beside the tests that were looked at once and must stay as they are, byte for byte.</summary>
static class Approved
{
    public static byte[] Read(string name, [CallerFilePath] string testFile = "") =>
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(testFile)!, name));
}
