using System.Runtime.ExceptionServices;
using System.Text;
using Dispatch.Routing;

namespace Dispatch.Worker.Country;

/// <summary>
/// Makes a country of synthetic people: its register and a tax-statement job for it. The same number of people and seed
/// give the same bytes on any day, machine and framework version.
/// </summary>
static class CountryGenerator
{
    /// <summary>Four times the nation. A birth day has at least 1,800 failing serials for each sex; the fullest then
    /// uses 550.</summary>
    public const int PeopleMax = 25_000_000;

    /// <param name="outFolder">Gets <c>register/</c> and <c>tax-statement/</c>; files that are there are
    /// replaced.</param>
    /// <exception cref="DispatchException"><c>country.people</c>: fewer than one person, or too many.</exception>
    public static void Generate(
        int people, int seed, string outFolder, IProgress<CountryProgress>? progress, CancellationToken cancellation)
    {
        if (people is < 1 or > PeopleMax)
        {
            throw new DispatchException(
                "country.people",
                $"--people is '{people}'; expected 1 to {PeopleMax}; give a number in that range",
                ExitCode.Usage);
        }

        var register = Directory.CreateDirectory(Path.Combine(outFolder, "register")).FullName;
        var job = Directory.CreateDirectory(Path.Combine(outFolder, "tax-statement")).FullName;
        var order = Path.Combine(job, "job.json");
        // Written last: a folder that was left half made is no job.
        File.Delete(order);

        var population = Settlement.Found(people, seed, cancellation);
        var listRows = RecipientsFile.Count(population);
        WriteLists(population, listRows, register, job, progress, cancellation);

        Directory.CreateDirectory(Path.Combine(job, "assets"));
        File.WriteAllBytes(Path.Combine(job, "assets", "crest.png"), Crest.ToPng());
        WriteText(Path.Combine(job, "letter.md"), JobText.Letter);
        WriteText(order, JobText.Order(listRows));
    }

    static void WriteLists(
        Population population, int listRows, string register, string job, IProgress<CountryProgress>? progress,
        CancellationToken cancellation)
    {
        var total = (long)population.Count + listRows;
        var done = 0L;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        // The people and the list take about as long as each other: one thread each.
        InParallel(
            stop,
            () =>
            {
                WriteFile(register, "people.csv", PeopleFile.Header, PeopleFile.Write, Count);
                WriteFile(register, "companies.csv", CompaniesFile.Header, CompaniesFile.Write, Ignore);
            },
            () =>
            {
                WriteFile(job, "recipients.csv", RecipientsFile.Header, RecipientsFile.Write, Count);
                WriteFile(register, "read_access.csv", ReadAccessFile.Header, ReadAccessFile.Write, Ignore);
                WriteFile(register, "registrations.csv", RegistrationsFile.Header, RegistrationsFile.Write, Ignore);
            });

        void WriteFile(
            string folder, string name, ReadOnlySpan<byte> header, Action<Population, RowFile> write, Action<int> count)
        {
            using var file = new RowFile(Path.Combine(folder, name), header, count, stop.Token);
            write(population, file);
        }

        void Count(int rows) => progress?.Report(new CountryProgress(Interlocked.Add(ref done, rows), total));

        static void Ignore(int rows)
        {
        }
    }

    /// <summary>Runs both; the first fault stops the other and is the one that is thrown.</summary>
    static void InParallel(CancellationTokenSource stop, params Action[] writers)
    {
        ExceptionDispatchInfo? fault = null;
        Parallel.ForEach(writers, write =>
        {
            try
            {
                write();
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref fault, ExceptionDispatchInfo.Capture(exception), null);
                stop.Cancel();
            }
        });
        fault?.Throw();
    }

    static void WriteText(string path, string text) => File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
}
