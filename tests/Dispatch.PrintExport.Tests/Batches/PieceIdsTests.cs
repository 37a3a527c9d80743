using System.Security.Cryptography;
using System.Text;
using Dispatch.PrintExport.Batches;

namespace Dispatch.PrintExport.Tests.Batches;

public sealed class PieceIdsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void For_Row_FollowsTheDocumentedRecipe(int rowNo)
    {
        var order = Some.Order() with { ContentSha256 = SHA256.HashData("files"u8) };
        var files = Convert.ToHexStringLower(SHA256.HashData("files"u8));
        var hashed = $"19552101\n2026-aarsopgoerelse\n{files}\n{rowNo}\n";

        var id = new PieceIds(order).For(rowNo);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hashed)))[..20], id);
    }

    [Fact]
    public void For_ShorterNumberAfterLonger_SameAsAlone()
    {
        var ids = new PieceIds(Some.Order());
        ids.For(1_000_000);

        Assert.Equal(new PieceIds(Some.Order()).For(7), ids.For(7));
    }
}
