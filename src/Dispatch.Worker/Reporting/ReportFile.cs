using System.Text;

namespace Dispatch.Worker.Reporting;

/// <summary>A file of the report appears whole or not at all: <c>.part</c>, fsync, rename.</summary>
static class ReportFile
{
    const int BufferBytes = 1 << 16;

    // References may say something about people: the report is the engine's user's own.
    const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateFolder(string folder) =>
        Directory.CreateDirectory(folder, Mode | UnixFileMode.UserExecute);

    public static async Task WriteAsync(
        string folder, string name, Func<Stream, CancellationToken, Task> write, CancellationToken ct)
    {
        var path = Path.Combine(folder, name);
        var part = path + ".part";
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                BufferSize = BufferBytes,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = Mode,
            };
            await using (var file = new FileStream(part, options))
            {
                await write(file, ct);
                await file.FlushAsync(ct);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    public static Task WriteTextAsync(string folder, string name, string text, CancellationToken ct) =>
        WriteAsync(folder, name, (file, token) => file.WriteAsync(Encoding.UTF8.GetBytes(text), token).AsTask(), ct);
}
