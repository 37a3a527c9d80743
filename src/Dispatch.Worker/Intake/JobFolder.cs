using System.Security.Cryptography;
using System.Text;
using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Intake;

/// <summary>A job folder. Everything in it is checked whole before a row of it is accepted.</summary>
sealed class JobFolder : IDisposable
{
    const string OrderFile = "job.json";

    /// <summary>No other date takes more room; when the letter goes out is not known yet.</summary>
    static readonly DateOnly WidestDate = new(2028, 9, 28);

    readonly IJobSource _folder;
    readonly IntakeLimits _limits;
    readonly byte[] _order;

    JobFolder(IJobSource folder, IntakeLimits limits)
    {
        (_folder, _limits) = (folder, limits);
        _order = ReadOrder(folder, limits);
        Order = JobOrder.Parse(_order, OrderFile);
    }

    public JobOrder Order { get; }

    /// <summary>Opens a job folder and reads its order.</summary>
    /// <exception cref="DispatchException"><c>job.*</c>, <c>file.*</c>.</exception>
    public static JobFolder Open(string path, IntakeLimits limits, bool followsLink = true) =>
        Open(PlainFolder.Open(path, followsLink), limits);

    /// <param name="folder">Is disposed with it.</param>
    /// <exception cref="DispatchException"><c>job.*</c>, <c>file.*</c>.</exception>
    public static JobFolder Open(IJobSource folder, IntakeLimits limits)
    {
        try
        {
            return new(folder, limits);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Opens and checks a job folder whole.</summary>
    public static async Task<CheckedJob> CheckAsync(
        string path, IntakeSetting setting, Stage? progress, CancellationToken cancel)
    {
        using var folder = Open(path, setting.Limits);
        return await folder.CheckAsync(setting, progress, cancel);
    }

    /// <summary>Checks letter, pictures and list; leaves the list, sealed, in the spool until the job is accepted or
    /// disposed of.</summary>
    /// <exception cref="DispatchException"><c>template.*</c>, <c>asset.*</c>, those of
    /// <see cref="LetterLayout.Create"/> and those of <see cref="ListCheck"/>.</exception>
    public async Task<CheckedJob> CheckAsync(IntakeSetting setting, Stage? progress, CancellationToken cancel)
    {
        var letter = LetterSource.Read(_folder, Order.Letter, _limits);
        var template = letter.Parse();
        DemandLayout(template, setting);
        using var file = _folder.OpenFile(Order.Recipients.File);
        var key = setting.Keys.CreateJobKey();
        SealedListFile? spool = null;
        try
        {
            spool = SealedListFile.Create(setting.ListFolder, key);
            var list = await ListCheck.RunAsync(
                file, Order.Recipients, _limits.For(Order.DripPerHour), template.CheckColumns, spool, progress, cancel);
            var content = Content(letter, list.Sha256, list.Bytes);
            await spool.FinishAsync(content);

            // Once more, after everything else: a writer that is still at work is seen if it worked meanwhile.
            if (file.HasChanged())
            {
                throw file.Unstable();
            }

            return new(key, spool)
            {
                Order = Order,
                OrderText = Encoding.UTF8.GetString(_order).TrimStart('\uFEFF'),
                Letter = letter,
                Template = template,
                TemplateSha256 = TemplateHash.Of(letter.Bytes, letter.Assets, setting.Fonts.Hashes),
                Fonts = setting.Fonts,
                List = list,
                ContentSha256 = content,
            };
        }
        catch
        {
            spool?.Dispose();
            key.Dispose();
            throw;
        }
    }

    /// <summary>Looks whether all it names is there, and what the letter names.</summary>
    /// <exception cref="DispatchException"><c>file.*</c>, <c>encoding.invalid</c>.</exception>
    public void DemandFiles()
    {
        using var list = _folder.OpenFile(Order.Recipients.File);
        LetterSource.DemandFiles(_folder, Order.Letter, _limits);
    }

    /// <summary>Only what tells whether this is a job that was accepted before: reads everything, checks nothing of the
    /// list.</summary>
    public async Task<byte[]> HashAsync(CancellationToken cancel)
    {
        var letter = LetterSource.Read(_folder, Order.Letter, _limits);
        using var file = _folder.OpenFile(Order.Recipients.File);
        using var stream = new FileStream(file.Handle, FileAccess.Read, bufferSize: 0);
        var sha256 = await SHA256.HashDataAsync(stream, cancel);
        return file.HasChanged() ? throw file.Unstable() : Content(letter, sha256, file.Length);
    }

    public void Dispose() => _folder.Dispose();

    static byte[] ReadOrder(IJobSource folder, IntakeLimits limits)
    {
        try
        {
            using var file = folder.OpenFile(OrderFile);
            return file.ReadWhole(limits.OrderBytesMax);
        }
        catch (DispatchException fault) when (fault.Code == "file.missing")
        {
            throw new DispatchException(
                "job.missing", $"the folder has no {OrderFile}, expected one as docs/job.schema.json describes it; "
                + "add it and submit again");
        }
    }

    // What was accepted and printed once is printed again, in the fonts it had.
    void DemandLayout(LetterTemplate template, IntakeSetting setting)
    {
        if (setting.PrintOf is null)
        {
            LetterLayout.Create(template, JobLetter.SettingOf(Order, WidestDate), setting.Fonts);
        }
    }

    byte[] Content(LetterSource letter, byte[] listSha256, long listBytes) => ContentHash.Of(
        [
            (OrderFile, _order.LongLength, SHA256.HashData(_order)),
            (Order.Recipients.File, listBytes, listSha256),
            .. letter.Files(),
        ]);
}
