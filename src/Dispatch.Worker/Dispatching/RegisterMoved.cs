using Dispatch.Routing;

namespace Dispatch.Worker.Dispatching;

/// <summary>
/// The register became another version between the facts a row was decided by and the address to be printed. Who was
/// given a secret address meanwhile would get it printed by the facts of before: nothing decided so is kept.
/// </summary>
static class RegisterMoved
{
    const string Code = "register.moved";

    public static DispatchException Fault() => new(
        Code, "the register changed each time the rows were decided, expected it to rest for as long as they take; run "
        + "this again between two imports", ExitCode.TryAgain);

    public static bool Is(DispatchException fault) => fault.Code == Code;
}
