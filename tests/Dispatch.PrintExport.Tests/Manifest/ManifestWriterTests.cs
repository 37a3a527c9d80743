using Dispatch.PrintExport.Manifest;

namespace Dispatch.PrintExport.Tests.Manifest;

public sealed class ManifestWriterTests
{
    [Fact]
    public void Append_SomePieces_EqualsTheApprovedFile()
    {
        using var output = new MemoryStream();
        using (var manifest = new ManifestWriter(output, "C5-left", "economy", attempt: 1))
        {
            manifest.Append(1, "0a1b2c3d4e5f60718293", 1, 2, 1, "DK", "0999");
            manifest.Append(2, "1a1b2c3d4e5f60718293", 3, 4, 2, "DK", "2650");
            manifest.Append(3, "2a1b2c3d4e5f60718293", 7, 2, 1, "SE", "12;\"3");
            manifest.Append(4, "3a1b2c3d4e5f60718293", 9, 2, 1, "DK", "");
        }

        Assert.Equal(Approved.Read("manifest.approved.csv"), output.ToArray());
    }
}
