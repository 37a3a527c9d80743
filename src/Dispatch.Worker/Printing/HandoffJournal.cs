using System.Text;
using Dispatch.PrintExport.Batches;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Printing;

/// <summary>
/// What was handed off of one job, told outside the database: a database that is restored from a backup knows less than
/// the print house does. One worker at a time hands a job off, so one writes. A line is durable before the batch's
/// ticket goes out, another one when it is out.
/// </summary>
sealed class HandoffJournal
{
    const string Begun = "begun";
    const string Out = "out";
    const int Fields = 4;

    readonly string _path;

    /// <param name="reports">The folder of reports, which no backup of an earlier day is put over.</param>
    public HandoffJournal(string reports, PrintOrder order)
    {
        _path = Path.Combine(reports, "handoff", $"{order.SenderCvr}-{order.Reference}.csv");
    }

    /// <summary>By the batch's name.</summary>
    public IReadOnlyDictionary<string, HandedOffBatch> Read()
    {
        var batches = new Dictionary<string, HandedOffBatch>(StringComparer.Ordinal);
        if (File.Exists(_path))
        {
            // A line that a killed worker left unfinished told of nothing that was done yet.
            foreach (var fields in File.ReadAllLines(_path)
                .Select(line => line.Split(';')).Where(f => f.Length == Fields))
            {
                batches[fields[1]] = new(fields[1], fields[2], fields[3], fields[0] == Out);
            }
        }

        return batches;
    }

    public void NoteBegun(IReadOnlyCollection<PrintBatch> batches) => Append(Begun, batches);

    public void NoteOut(IReadOnlyCollection<PrintBatch> batches) => Append(Out, batches);

    void Append(string state, IReadOnlyCollection<PrintBatch> batches)
    {
        if (batches.Count == 0)
        {
            return;
        }

        var lines = new StringBuilder("\n"); // ends what a killed worker left unfinished
        foreach (var batch in batches)
        {
            lines.AppendJoin(
                ';', state, batch.Name, HandedOffBatch.Hex(batch.Pdf), HandedOffBatch.Hex(batch.Manifest)).Append('\n');
        }

        var isNew = !File.Exists(_path);
        var folder = Path.GetDirectoryName(_path)!;
        Directory.CreateDirectory(folder);
        using (var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            file.Write(Encoding.ASCII.GetBytes(lines.ToString()));
            file.Flush(flushToDisk: true);
        }

        if (isNew)
        {
            FileCalls.FlushFolder(folder);
        }
    }
}
