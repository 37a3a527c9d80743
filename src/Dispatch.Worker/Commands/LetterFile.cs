using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Pdf;
using Dispatch.Routing;

namespace Dispatch.Worker.Commands;

/// <summary>A PDF of letters an operator asked for; it holds personal data and is its owner's alone.</summary>
static class LetterFile
{
    /// <summary>Looked at before a letter is: what goes on record as read should have been.</summary>
    /// <exception cref="DispatchException"><c>letter.out</c>, exit 2.</exception>
    public static string Check(string path)
    {
        var file = Path.GetFullPath(path);
        var isFolder = Directory.Exists(file) || Path.EndsInDirectorySeparator(file);
        return !isFolder && Directory.Exists(Path.GetDirectoryName(file))
            ? file
            : throw new DispatchException(
                "letter.out", $"--out names '{path}', which is a folder or lies in none; expected a file in a folder "
                + "that is there",
                ExitCode.Usage);
    }

    /// <summary>Writes a whole file; what was there is replaced only by a whole one.</summary>
    public static T Write<T>(
        string file, LetterLayout layout, string title, ProofOverlay? overlay, Func<LetterFileWriter, T> append)
    {
        var draft = file + ".part";
        T made;
        File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        using (var writer = new LetterFileWriter(stream, layout, title, overlay: overlay))
        {
            made = append(writer);
            writer.Finish();
        }

        File.Move(draft, file, overwrite: true);
        return made;
    }
}
