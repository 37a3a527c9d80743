using System.Runtime.InteropServices;

namespace Dispatch.System.Tests.Supply;

/// <summary>A test of the machine code a published program holds: left out where it is published without.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class MachineCodeFactAttribute : FactAttribute
{
    public MachineCodeFactAttribute() => Skip = RuntimeInformation.ProcessArchitecture == Architecture.X64
        ? null
        : "Machine code is published for x64 only.";
}
