using System.Globalization;
using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;
using Npgsql;

namespace Dispatch.System.Tests.Desk;

/// <summary>At exemption, the post received so far can be had in print.</summary>
[Collection(DeskCollection.Name)]
public sealed class PrintOutTests(DeskFixture desk)
{
    const string OwnSender = "10000041";
    const string Letter = "# {{job.title}}\n\nDen {{letter.date}} til {{recipient.name}}\n\n{{marker}}\n";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    static readonly string[] Sender =
        ["--set", $"OwnSender:Cvr={OwnSender}", "--set", "OwnSender:ReturnAddress:0=Postgade 1"];

    [Fact]
    public async Task Grant_WithPrintReceived_PrintsEveryLetterAsItWasOnce()
    {
        var (other, person, third) = (desk.Enrolled[112].Cpr, desk.Enrolled[113].Cpr, desk.Enrolled[114].Cpr);
        var (forgotten, first, recalled, last) = (
            await SendAsync(person), await SendAsync(other, person, third), await SendAsync(person),
            await SendAsync(other, other, person));
        await ForgetAsync(forgotten);
        (await desk.Site.RunAsAsync("anna", "recall", recalled.Key, "--all", "--reason", "test")).Expect(0);
        (await desk.Site.RunAsAsync("bent", "recall", recalled.Key, "--all", "--reason", "test")).Expect(0);
        await ExecuteAsync(
            $"update dispatch.jobs set release_date = '2026-01-05' where job_id = {await IdAsync(first)}");

        // Killed before anything was sent: only what was granted is there.
        var granted = (await desk.Site.RunAsAsync("anna", Grant(person))).Expect(0).Json;
        Assert.Equal(
            $"{await IdAsync(forgotten)} 1 key.forgotten",
            string.Join(", ", granted.GetProperty("lost").EnumerateArray().Select(
                one => $"{one.GetProperty("job")} {one.GetProperty("row")} {one.GetProperty("reason")}")));
        (await desk.Site.RunAsAsync("anna", Grant(third))).Expect(0);
        Assert.Empty(await JobsAsync());
        await SpoilAsync(await IdAsync(first), person);
        var unsealed = Path.Combine(desk.Site.Data, "spool", "own");
        await File.WriteAllTextAsync(unsealed, "No folder can be made here: letters in the clear lie nowhere.");

        (await desk.Site.RunAsync([.. Grant(person), .. Sender])).Expect(0);
        var jobs = await JobsAsync();
        string[] effects = ["paper requested, paper requested", "paper requested", "paper requested"];
        Assert.Equal(effects, jobs.Select(job => job[1]));

        // Killed before it was on record that they are submitted; and asked for again.
        await ExecuteAsync("update register.own_jobs set submitted_at = null, job_id = null");
        (await desk.Site.RunAsync(["register", "apply", .. Sender])).Expect(0);
        (await desk.Site.RunAsync([.. Grant(person), .. Sender])).Expect(0);
        Assert.Equal(jobs.Select(job => job[0]), (await JobsAsync()).Select(job => job[0]));
        File.Delete(unsealed);

        var texts = await Task.WhenAll(jobs.Select(job => TextAsync(job[0]!)));
        Assert.Contains("ikke længere kan læses af nogen: 1.", texts[0], StringComparison.Ordinal);
        Assert.Contains("5. januar 2026", texts[1], StringComparison.Ordinal);
        Assert.Contains(DeskJob.Marker(2), texts[1], StringComparison.Ordinal);
        Assert.Contains(DeskJob.Marker(3), texts[2], StringComparison.Ordinal);
        Assert.All(texts[1..], text => Assert.Contains("Prøvestyrelsen", text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain(DeskJob.Marker(1), text, StringComparison.Ordinal));
        Assert.Equal(
            [$"anna {await IdAsync(first)} 2", $"anna {await IdAsync(first)} 3", $"anna {await IdAsync(last)} 3"],
            await LinesAsync(
                "select distinct actor || ' ' || job_id || ' ' || row_no from dispatch.events "
                + "where action = 'read_letter' and detail = 'print-out of what had been received' order by 1"));
        Assert.Equal(
            [
                $"{await IdAsync(forgotten)} 1 key.forgotten", $"{await IdAsync(first)} 1 letter.not_own",
                $"{await IdAsync(first)} 2 printed as 1", $"{await IdAsync(first)} 3 letter.unreadable",
                $"{await IdAsync(last)} 1 letter.not_own", $"{await IdAsync(last)} 3 printed as 1",
            ],
            await LinesAsync(
                "select letter_job || ' ' || letter_row || ' ' || coalesce(fault, 'printed as ' || row_no) "
                + "from register.print_outs order by letter_job, letter_row"));
        Assert.Equal(
            ["3"], await LinesAsync("select count(*)::text from dispatch.events where action = 'print_out_fault'"));
        var audit = (await desk.Site.RunAsync("audit", $"{OwnSender}/{jobs[1][0]}")).Expect(4).Output;
        Assert.Contains(
            $"job {await IdAsync(first)}, row 1: in the print-out of a mailbox", audit, StringComparison.Ordinal);
        Assert.Contains("row 3: in a print-out, but does not open", audit, StringComparison.Ordinal);
        await ExecuteAsync("delete from register.print_outs where fault in ('letter.not_own', 'letter.unreadable')");
        (await desk.Site.RunAsync("audit", $"{OwnSender}/{jobs[1][0]}")).Expect(0);
        await ForgetAsync(first);
        (await desk.Site.RunAsync("letter", $"{OwnSender}/{jobs[1][0]}", "--row", "1", "--reason", "test", "--out",
            Path.Combine(desk.Site.Folder, "forgotten.pdf"))).ExpectError(2, "key.forgotten");
    }

    /// <summary>Recalled while its print-out is being submitted; and a receipt whose place another job took before
    /// that was refused.</summary>
    [Fact]
    [Trait("Length", "long")]
    public async Task Apply_RecallAndForeignJobMeanwhile_PrintsWhatIsLeft()
    {
        string[] sender = ["--set", "OwnSender:Cvr=10000068", "--set", "OwnSender:ReturnAddress:0=Postgade 1"];
        var (person, other, owed) = (desk.Enrolled[120].Cpr, desk.Enrolled[119].Cpr, desk.Enrolled[121].Cpr);
        var letters = await SendAsync(person, other);
        (await desk.Site.RunAsync(Grant(person))).Expect(0);
        (await desk.Site.RunAsync(Grant(other))).Expect(0);
        (await desk.Site.RunAsync("exemption", "grant", owed)).Expect(0);
        await ExecuteAsync(
            "update register.own_letters set reference = 'elsewhere' where reference is null "
            + $"and (kind <> 'exemption-receipt' or cpr <> {long.Parse(owed, CultureInfo.InvariantCulture)})");
        var reference = (await LinesAsync(
            "select kind || '-' || to_char(made_on, 'YYYY-MM-DD') || '-' || letter_no from register.own_letters "
            + "where reference is null"))[0]!;
        var foreign = desk.Job(
            [desk.Enrolled[122].Cpr],
            order => order with { Reference = reference, Rules = order.Rules with { SenderCvr = "10000068" } }, Letter);
        (await foreign.RunAsync()).Expect(0);
        await using var server = await desk.Site.OpenAsync("postgres");
        await using var held = await server.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select from dispatch.keys for update", server))
        {
            await hold.ExecuteNonQueryAsync();
        }

        using var apply = await desk.Site.StartAsync(["register", "apply", .. sender]);
        await Until.TrueAsync(
            "the print-out waits", Patience,
            async () => (await LinesAsync("select pid::text from pg_locks where not granted")).Count > 0);
        (await desk.Site.RunAsAsync("anna", "recall", letters.Key, "--rows", "2", "--reason", "test")).Expect(0);
        (await desk.Site.RunAsAsync("bent", "recall", letters.Key, "--rows", "2", "--reason", "test")).Expect(0);
        await held.RollbackAsync();

        Assert.Contains(
            "waits (reference.reserved)", (await apply.EndAsync(Patience)).Expect(0).Error, StringComparison.Ordinal);
        Assert.Equal(
            ["1 printed as 1", "2 letter.recalled"],
            await LinesAsync(
                "select letter_row || ' ' || coalesce(fault, 'printed as ' || row_no) from register.print_outs "
                + $"where letter_job = {await IdAsync(letters)} order by 1"));
        Assert.Equal(
            ["owed"],
            await LinesAsync(
                "select case when submitted_at is null then 'owed' end from register.own_jobs "
                + $"where reference = '{reference}'"));
        (await desk.Site.RunAsync(["run", foreign.Folder, .. sender])).ExpectError(65, "reference.reserved");
    }

    // As a process that froze would: it has the lock, and does nothing.
    [Fact]
    public async Task Grant_AnotherProcessHoldsTheLetters_SaysThatTheyWait()
    {
        var person = desk.Enrolled[118].Cpr;
        await using (var frozen = await desk.Site.OpenAsync("postgres"))
        {
            await using var take = new NpgsqlCommand(
                $"select pg_advisory_lock({0x6E616D65}, hashtext('own letters'))", frozen);
            await take.ExecuteNonQueryAsync();
            Assert.Contains("warning: own_letter.waits: ", await SaidAsync("exemption", "grant", person));
            Assert.Contains("warning: own_letter.waits: ", await SaidAsync("status"));
        }

        Assert.DoesNotContain("own_letter.waits", await SaidAsync("register", "apply"));
        Assert.DoesNotContain("own_letter.waits", await SaidAsync("status"));
    }

    async Task<string> SaidAsync(params string[] command) =>
        (await desk.Site.RunAsync([.. command, .. Sender])).Expect(0).Error;

    // What a thief with the worker's rights in the database would do: have somebody else's letters put into an envelope
    // of their own. And a letter that does not open.
    async Task SpoilAsync(int jobId, string person)
    {
        const string Thief = """
            insert into register.print_outs (letter_no, letter_job, letter_row)
            select letter_no, o.letter_job, 1 from register.print_outs o join register.own_letters l using (letter_no)
            where l.kind = 'print-out' and l.cpr = $1 and o.fault is null and o.letter_row > 1
            """;
        await desk.Site.QueryAsAsync("dispatch_worker", Thief, long.Parse(person, CultureInfo.InvariantCulture));
        await ExecuteAsync($"update mailbox.letters set sealed = '\\x0102' where job_id = {jobId} and row_no = 3");
    }

    async Task<DeskJob> SendAsync(params string[] recipients)
    {
        var job = desk.Job(recipients, order => order with { StopAtRefusedShare = 1 }, Letter);
        (await job.RunAsync()).Expect(0, 3);
        return job;
    }

    async Task ForgetAsync(DeskJob job)
    {
        var asked = (await desk.Site.RunAsync("keys", "forget", job.Key, "--json")).Expect(0).Json;
        (await desk.Site.RunAsync("keys", "forget", job.Key, "--confirm", asked.GetProperty("token").GetString()!))
            .Expect(0);
    }

    static string[] Grant(string person) => ["exemption", "grant", person, "--print-received", "--json"];

    // In the order they were made.
    Task<List<string?[]>> JobsAsync() => desk.Site.QueryAsync(
        """
        select reference, string_agg(effect || ' ' || reason, ', ' order by row_no) from ops.jobs
        join ops.effects using (job_id)
        where sender_cvr = $1 and reference like 'print-out-%' and state = 'completed' group by job_id, reference
        order by job_id
        """, OwnSender);

    async Task<string> TextAsync(string reference)
    {
        var file = $"*-{OwnSender}-{reference}-*.pdf";
        var found = Directory.GetFiles(desk.Site.Outbox, file, SearchOption.AllDirectories);
        return PdfText.Flow(await PdfText.PagesAsync(Assert.Single(found)));
    }

    async Task<int> IdAsync(DeskJob job) => await desk.Site.JobIdAsync(job.Key);

    async Task<List<string?>> LinesAsync(string sql) =>
        [.. (await desk.Site.QueryAsAsync("postgres", sql)).Select(row => row[0])];

    Task<List<string?[]>> ExecuteAsync(string sql) => desk.Site.QueryAsAsync("postgres", sql);
}
