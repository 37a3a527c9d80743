using Dispatch.System.Tests.Oracle;

namespace Dispatch.System.Tests.Jobs;

/// <summary>Writes a job folder as a sender would.</summary>
static class JobFolder
{
    public static string Write(string folder, JobOrder order, RecipientList list, string letter)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "job.json"), order.ToJson());
        File.WriteAllText(Path.Combine(folder, "letter.md"), letter);
        using var writer = new StreamWriter(Path.Combine(folder, "recipients.csv")) { NewLine = "\n" };
        writer.Write(CsvText.Line(list.Header));
        foreach (var row in list.Rows)
        {
            writer.Write(CsvText.Line(row));
        }

        return folder;
    }
}
