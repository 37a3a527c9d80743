using Dispatch.Routing;

namespace Dispatch.Worker.Intake;

/// <summary>Where the files of a job come from.</summary>
interface IJobSource : IDisposable
{
    /// <exception cref="DispatchException"><c>file.missing</c>, and others of <see cref="PlainFolder"/>.</exception>
    IJobSource OpenFolder(string name);

    /// <exception cref="DispatchException"><c>file.missing</c>, and others of <see cref="PlainFolder"/>.</exception>
    PlainFile OpenFile(string name);
}
