using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;
using Dispatch.System.Tests.Oracle.World;
using Dispatch.System.Tests.Running;
using Npgsql;

namespace Dispatch.System.Tests.Effects;

/// <summary>Without any right but one's own: the embedded server runs as the user who started the program.</summary>
public sealed class OrdinaryUserTests
{
    const string User = "dispatch-tester";

    [RootFact]
    public async Task Run_AsOrdinaryUser_SendsOwnsAllFilesAndIsOnRecord()
    {
        if ((await Command.RunAsync("id", ["-u", User])).ExitCode != 0)
        {
            (await Command.RunAsync("useradd", ["--system", "--create-home", User])).Expect(0);
        }

        // Only root is believed to be somebody else: one operator must not be two.
        var site = new Site("ordinary", user: User)
        {
            Variables = new Dictionary<string, string> { ["SUDO_USER"] = "somebody-else" },
        };
        (await Command.RunAsync("chown", [User, site.Folder])).Expect(0);
        var numbers = new MadeUpNumbers();
        var register = new Register();
        register.Add(Addresses.StreetOnly(new() { Cpr = numbers.Cpr(AgeEdges.Adult), Name = "Prøve Prøvesen" }));
        register.Add(Addresses.StreetOnly(new() { Cpr = numbers.Cpr(AgeEdges.Child), Name = "Lille Prøvesen" }));
        var list = new RecipientList(
            ["recipient"], [])
        { Rows = [.. register.People.Keys.Select(cpr => new[] { cpr })] };
        var order = new JobOrder { Reference = "ordinary" };
        var job = JobFolder.Write(Path.Combine(site.Folder, "job"), order, list, "# Hej\n\nEt brev.\n");
        var folder = RegisterFolder.Write(Path.Combine(site.Folder, "register"), register);

        (await site.RunAsync("register", "import", folder)).Expect(0);
        (await site.RunAsync("run", job)).Expect(0);

        var effects = await EffectTable.ReadAsync(site, order.Key);
        Assert.Empty(EffectTable.Compare([Verdict.Digital("enrolled"), Verdict.Paper("under_15")], effects));
        var owners = await Command.RunAsync("find", [site.Data, "!", "-user", User]);
        Assert.Equal("", owners.Output);
        await using (var connection = await site.OpenAsync("dispatch"))
        await using (var actors = new NpgsqlCommand(
            "select string_agg(distinct actor, ',') from dispatch.events", connection))
        {
            Assert.Equal(User, await actors.ExecuteScalarAsync());
        }

        await HandOffToAFolderOfAnotherAsync(site, list);

        // Root is somebody else here too: turned away, and the owner goes on.
        (await site.RunAsAsync("root", "status")).ExpectError(78, "database.owner");
        (await site.RunAsync("status")).Expect(0);
        await site.CloseAsync();
    }

    // A print house's folder that is not ours stops the hand-off to it, and no command.
    static async Task HandOffToAFolderOfAnotherAsync(Site site, RecipientList list)
    {
        var folder = Path.Combine(site.Outbox, "default");
        (await Command.RunAsync("chown", ["root:root", folder])).Expect(0);
        (await Command.RunAsync("chmod", ["0755", folder])).Expect(0);
        var order = new JobOrder { Reference = "folder-of-another" };
        var job = JobFolder.Write(Path.Combine(site.Folder, "another"), order, list, "# Hej\n\nEt brev til.\n");

        (await site.RunAsync("run", job)).ExpectError(78, "outbox.not_writable");

        (await site.RunAsync("status")).Expect(0);
        var doctor = (await site.RunAsync("doctor")).Expect(78);
        Assert.Contains($"'{folder}' cannot be written", doctor.Output, StringComparison.Ordinal);
        (await Command.RunAsync("chmod", ["0733", folder])).Expect(0); // a letter box: put in, do not look
        (await site.RunAsync("run", job)).ExpectError(78, "outbox.not_readable");
        (await Command.RunAsync("mv", [folder, folder + ".away"])).Expect(0);
        (await site.RunAsync("run", job)).ExpectError(75, "outbox.gone");
        Assert.False(Directory.Exists(folder));

        (await Command.RunAsync("mv", [folder + ".away", folder])).Expect(0);
        (await Command.RunAsync("chown", [$"{User}:", folder])).Expect(0);
        (await site.RunAsync("run", job)).Expect(0);
        Assert.NotEmpty(Directory.GetFiles(folder, "*folder-of-another*.ticket.json"));
    }
}
