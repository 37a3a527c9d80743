namespace Dispatch.System.Tests.Server;

/// <summary>A test with a pooler: left out where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class PoolerTheoryAttribute : TheoryAttribute
{
    public PoolerTheoryAttribute() =>
        Skip = File.Exists(Pooler.Program) ? null : "There is no pgbouncer here.";
}
