namespace Dispatch.PrintExport.Tests;

/// <summary><see cref="ToolFactAttribute"/> for a test with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params string[] programs) => Skip = Tool.Missing(programs);
}
