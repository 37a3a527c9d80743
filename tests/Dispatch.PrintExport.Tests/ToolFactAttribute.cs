namespace Dispatch.PrintExport.Tests;

/// <summary>A test that reads our files with programs of others: skipped by name where one is missing, which on a
/// build machine counts as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] programs) => Skip = Tool.Missing(programs);
}
