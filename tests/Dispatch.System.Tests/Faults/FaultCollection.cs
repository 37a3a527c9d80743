namespace Dispatch.System.Tests.Faults;

/// <summary>One server, which is crashed: one test at a time.</summary>
[CollectionDefinition(Name)]
public sealed class FaultCollection : ICollectionFixture<FaultWorld>
{
    public const string Name = "faults";
}
