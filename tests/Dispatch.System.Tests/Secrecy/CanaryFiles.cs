using Dispatch.System.Tests.Jobs;
using Dispatch.System.Tests.Oracle;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>Files that others than senders give us, made up around a canary.</summary>
static class CanaryFiles
{
    public static Register RegisterOf(IEnumerable<Person> people)
    {
        var register = new Register();
        foreach (var person in people)
        {
            register.Add(person);
        }

        return register;
    }

    /// <summary>A folder of changes: the person has an e-mail address now.</summary>
    public static string Changes(string folder, Person person, string contact, string notify)
    {
        var file = Path.Combine(RegisterFolder.Write(folder, RegisterOf([person])), "people.csv");
        var people = File.ReadAllLines(file);
        foreach (var other in Directory.GetFiles(folder).Where(other => other != file))
        {
            File.Delete(other);
        }

        var cells = people[1].Split(';');
        (cells[^3], cells[^1]) = ($"{contact}@example.dk", notify);
        File.WriteAllLines(file, [$"{people[0]};op;effective_at", $"{string.Join(';', cells)};put;2026-01-01"]);
        return folder;
    }

    /// <summary>A whole receipt file of one line.</summary>
    public static string Receipts(string folder, string line)
    {
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, "day.receipts.csv");
        File.WriteAllLines(file, ["batch;piece_id;status;pages;sheets;at", line, "#end;1"]);
        return file;
    }
}
