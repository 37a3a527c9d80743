using System.Text;
using Dispatch.PrintExport.Manifest;

namespace Dispatch.PrintExport.Tests.Manifest;

public sealed class TicketTests
{
    [Fact]
    public void ToJson_SomeBatch_EqualsTheApprovedFile() =>
        Assert.Equal(
            Encoding.UTF8.GetString(Approved.Read("ticket.approved.json")),
            Encoding.UTF8.GetString(Some().ToJson()));

    [Fact]
    public void ToJson_SameMomentInAnotherZone_SameBytes() => Assert.Equal(
        Some().ToJson(), (Some() with { CreatedAt = Some().CreatedAt.ToOffset(TimeSpan.FromHours(1)) }).ToJson());

    static Ticket Some() => new(
        "20260309-19552101-2026-aarsopgoerelse-dk-economy-c5-left-duplex-mono-s8-0001-0a1b2c3d",
        "default", "19552101", "2026-Aarsopgoerelse", 1, new DateTimeOffset(2026, 3, 9, 5, 0, 7, TimeSpan.Zero),
        3, 8, 4, "C5-left", "economy", IsDuplex: true, IsColour: false,
        FileDigest.Of("pdf"u8), FileDigest.Of("manifest"u8));
}
