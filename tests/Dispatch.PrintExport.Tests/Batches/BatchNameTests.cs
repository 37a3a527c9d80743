using System.Security.Cryptography;
using System.Text;
using Dispatch.PrintExport.Batches;

namespace Dispatch.PrintExport.Tests.Batches;

public sealed class BatchNameTests
{
    const string Class = "dk-economy-c5-left-duplex-mono-s8";

    [Fact]
    public void Make_SomeBatch_FollowsTheDocumentedRecipe()
    {
        var hashed = $"19552101\nÅrs_Opgørelse.2026\n{Class}\n12\n1\naa\nbb\n";
        var hash8 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hashed)))[..8];

        var name = BatchName.Make(Some.Order("Års_Opgørelse.2026"), Class, 12, 1, ["aa", "bb"]);

        Assert.Equal($"20260309-19552101--rs-opg-relse-2026-{Class}-0012-{hash8}", name);
        Assert.Matches("^[a-z0-9-]+$", name);
    }

    [Fact]
    public void Make_ReferencesThatNormaliseAlike_NamesDiffer() => Assert.NotEqual(
        BatchName.Make(Some.Order("A.b"), Class, 1, 1, ["aa"]), BatchName.Make(Some.Order("a_b"), Class, 1, 1, ["aa"]));

    [Fact]
    public void Make_OtherPieceOrder_NamesDiffer() => Assert.NotEqual(
        BatchName.Make(Some.Order(), Class, 1, 1, ["aa", "bb"]),
        BatchName.Make(Some.Order(), Class, 1, 1, ["bb", "aa"]));

    [Fact]
    public void Make_LongestReference_FitsAFileName()
    {
        var order = Some.Order(new string('r', 64));
        var name = BatchName.Make(order, "world-registered-c5-left-simplex-colour-s100", 99_999, 1, []);

        Assert.True(name.Length + ".manifest.csv.part.part".Length < 255);
    }
}
