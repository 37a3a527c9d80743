namespace Dispatch.Worker.Tests.Intake;

/// <summary>Files of the repository the tests are about.</summary>
static class Repository
{
    public static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Dispatch.sln")))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
