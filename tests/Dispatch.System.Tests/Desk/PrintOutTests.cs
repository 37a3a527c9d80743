using Dispatch.System.Tests.Paper;
using Dispatch.System.Tests.Running;

namespace Dispatch.System.Tests.Desk;

/// <summary>At exemption, the post received so far can be had in print.</summary>
[Collection(DeskCollection.Name)]
public sealed class PrintOutTests(DeskFixture desk)
{
    const string OwnSender = "10000041";
    const string Letter = "# {{job.title}}\n\nDen {{letter.date}} til {{recipient.name}}\n\n{{marker}}\n";

    static readonly string[] Sender =
        ["--set", $"OwnSender:Cvr={OwnSender}", "--set", "OwnSender:ReturnAddress:0=Postgade 1"];

    [Fact]
    public async Task Grant_WithPrintReceived_PrintsEveryLetterAsItWasOnce()
    {
        var (other, person) = (desk.Enrolled[112].Cpr, desk.Enrolled[113].Cpr);
        var (forgotten, first, recalled, last) = (
            await SendAsync(person), await SendAsync(other, person), await SendAsync(person),
            await SendAsync(other, other, person));
        await ForgetAsync(forgotten);
        (await desk.Site.RunAsAsync("anna", "recall", recalled.Key, "--all", "--reason", "test")).Expect(0);
        (await desk.Site.RunAsAsync("bent", "recall", recalled.Key, "--all", "--reason", "test")).Expect(0);
        await ExecuteAsync(
            $"update dispatch.jobs set release_date = '2026-01-05' where job_id = {await IdAsync(first)}");

        // Killed before anything was sent: only what was granted is there.
        var granted = (await GrantAsync(person)).Expect(0).Json;
        Assert.Equal(
            $"{await IdAsync(forgotten)} 1 key.forgotten",
            string.Join(", ", granted.GetProperty("lost").EnumerateArray().Select(
                one => $"{one.GetProperty("job")} {one.GetProperty("row")} {one.GetProperty("reason")}")));
        Assert.Empty(await JobsAsync());

        (await GrantAsync(person, Sender)).Expect(0);
        var jobs = await JobsAsync();
        string[] effects = ["paper requested", "paper requested", "paper requested"];
        Assert.Equal(effects, jobs.Select(job => job[1]));

        // Killed before it was on record that they are submitted; and asked for again.
        await ExecuteAsync("update register.own_jobs set submitted_at = null");
        (await desk.Site.RunAsync(["register", "apply", .. Sender])).Expect(0);
        (await GrantAsync(person, Sender)).Expect(0);
        Assert.Equal(jobs.Select(job => job[0]), (await JobsAsync()).Select(job => job[0]));

        var texts = await Task.WhenAll(jobs.Select(job => TextAsync(job[0]!)));
        Assert.Contains("Antal breve, vi sender dig: 2.", texts[0], StringComparison.Ordinal);
        Assert.Contains("ikke længere kan læses af nogen: 1.", texts[0], StringComparison.Ordinal);
        Assert.Contains("5. januar 2026", texts[1], StringComparison.Ordinal);
        Assert.Contains(DeskJob.Marker(2), texts[1], StringComparison.Ordinal);
        Assert.Contains(DeskJob.Marker(3), texts[2], StringComparison.Ordinal);
        Assert.All(texts[1..], text => Assert.Contains("Prøvestyrelsen", text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain(DeskJob.Marker(1), text, StringComparison.Ordinal));
        Assert.Equal(
            [$"{await IdAsync(first)} 2", $"{await IdAsync(last)} 3"],
            (await desk.Site.QueryAsAsync(
                "postgres",
                "select distinct job_id || ' ' || row_no from dispatch.events where action = 'read_letter' "
                + "and detail = 'print-out of what had been received' order by 1")).Select(row => row[0]));
        Assert.False(Directory.Exists(Path.Combine(desk.Site.Data, "spool", "own")));
        (await desk.Site.RunAsync("audit", $"{OwnSender}/{jobs[1][0]}")).Expect(0);
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

    Task<CommandResult> GrantAsync(string person, params string[] more) => desk.Site.RunWithInputAsync(
        person, ["exemption", "grant", "--print-received", "--json", .. more]);

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

    Task<List<string?[]>> ExecuteAsync(string sql) => desk.Site.QueryAsAsync("postgres", sql);
}
