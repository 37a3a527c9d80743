using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Effects;

/// <summary>The same job on somebody's own server: the same effects, the same batches to the byte.</summary>
[Collection(WorldCollection.Name)]
public sealed class ExternalServerTests(WorldFixture fixture)
{
    [Fact]
    public async Task Run_ByConnectionString_GivesTheSameEffectsAndBatchesAsTheEmbeddedServer()
    {
        var embedded = await fixture.RunAsync(WorldJobs.Large);
        var cluster = new ServerCluster("external");
        await cluster.StartAsync();
        var site = new Site("external-site", await cluster.CreateDatabaseAsync("dispatch"));
        try
        {
            var register = RegisterFolder.Write(Path.Combine(site.Folder, "register"), fixture.World.Register);
            (await site.RunAsync("migrate")).Expect(0);
            (await site.RunAsync("register", "import", register)).Expect(0);

            (await site.RunAsync("run", embedded.Folder)).Expect(3);

            Assert.Empty(EffectTable.Compare(embedded.Expected, await EffectTable.ReadAsync(site, embedded.Order.Key)));
            Assert.Equal(Batches(fixture.Site, embedded.Order), Batches(site, embedded.Order));
            Assert.False(
                Directory.Exists(Path.Combine(site.Data, "postgres")), "An embedded cluster was made as well.");
        }
        finally
        {
            await site.CloseAsync();
            await cluster.StopAsync();
        }
    }

    static List<string> Batches(Site site, JobOrder order) =>
        [
            .. PrintBatch.Find(site.Outbox, order)
                .Select(b => $"{b.Name} {b.PdfSha256} {PrintBatch.Sha256(b.ManifestFile)}"),
        ];
}
