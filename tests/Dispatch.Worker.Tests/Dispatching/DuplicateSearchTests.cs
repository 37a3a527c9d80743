using System.Text;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Dispatching;
using Dispatch.Worker.Intake;
using Dispatch.Worker.Security;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.Worker.Tests.Dispatching;

/// <summary>Rule 6: the first row of a person and reference counts, every later one is a duplicate.</summary>
public sealed class DuplicateSearchTests : IDisposable
{
    const int ChunkRows = 5;
    const int People = 7;
    const uint FirstNumber = 0202801001;
    static readonly DateOnly Released = new(2026, 11, 22);
    static readonly string[] References = ["a", "b", ""];
    static readonly RegisterSnapshot Register = MakeRegister();
    static readonly JobRouting Routing = MakeRouting();

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dispatch-duplicates-");

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(4_000_000)]
    public void RunAsync_AnyListWhateverIsComparedAtATime_FindsAllButTheFirst(int keysAtOnceMax)
    {
        var rows =
            from person in Gen.Choose(0, People - 1)
            from reference in Gen.Elements(References)
            select (Person: person, Reference: reference);
        Prop.ForAll(rows.NonEmptyListOf().ToArbitrary(), list =>
        {
            var expected = list.Select((row, i) => (Row: row, No: i + 1)).GroupBy(row => row.Row)
                .SelectMany(same => same.Skip(1)).Select(row => row.No).Order().ToArray();
            Assert.Equal(expected, Find([.. list], keysAtOnceMax));
        }).QuickCheckThrowOnFailure();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    int[] Find((int Person, string Reference)[] rows, int keysAtOnceMax)
    {
        using var key = new JobKey(new byte[32], [], "k");
        using var spool = SealedListFile.Create(_folder.FullName, key);
        foreach (var (chunk, i) in rows.Chunk(ChunkRows).Select((chunk, i) => (chunk, i)))
        {
            var text = string.Concat(chunk.Select(row => $"{FirstNumber + row.Person:D10};{row.Reference}\n"));
            spool.Append(Encoding.UTF8.GetBytes(text), i * ChunkRows + 1, chunk.Length);
        }

        spool.FinishAsync([]).GetAwaiter().GetResult();
        using var list = SpooledList.Open(spool.Path);
        var people = new RepeatedPeople(Register.Count);
        foreach (var row in rows)
        {
            people.Meet(row.Person);
        }

        var router = new ChunkRouter(Routing, Register, (_, _, _) => throw new NotSupportedException(), false);
        var search = new DuplicateSearch(
            Routing, Register, new(list, key), spool.Chunks, routers: 2, router, people, keysAtOnceMax);
        var counts = new EffectCounts();
        counts.Add(Reason.Enrolled, rows.Length);
        var found = search.RunAsync(counts, [], default).GetAwaiter().GetResult();
        Assert.Equal(rows.Length, counts.Rows);
        Assert.Equal(found.Values.Sum(chunk => chunk.Length), counts.Reasons.GetValueOrDefault(Reason.Duplicate));
        Assert.All(found.Values, chunk => Assert.Equal(chunk.Order(), chunk));
        return [.. found.OrderBy(chunk => chunk.Key).SelectMany(chunk => chunk.Value)];
    }

    static RegisterSnapshot MakeRegister()
    {
        var builder = new RegisterSnapshotBuilder(withNames: false);
        for (var person = 0u; person < People; person++)
        {
            builder.AddPerson(
                FirstNumber + person, (int)person + 1, PersonFacts.Person(1, false, false, false, false, true, false),
                BirthDay.From(new DateOnly(1980, 2, 2)), 0, []);
        }

        return builder.Build(1, []);
    }

    static JobRouting MakeRouting()
    {
        var order = new JobOrder
        {
            Reference = "r",
            Sender = new("19552101", "S", false, ["S"]),
            MessageType = "letter",
            Title = "T",
            Recipients = new("recipients.csv"),
            Letter = "letter.md",
        };
        var template = LetterTemplate.Parse("text", "letter.md", new Dictionary<string, byte[]>());
        var layout = LetterLayout.Create(
            template, JobLetter.SettingOf(order, Released), FontSet.Load(new FontSettings()));
        return JobRouting.Of(order, ["recipient", "reference"], layout, Released);
    }
}
