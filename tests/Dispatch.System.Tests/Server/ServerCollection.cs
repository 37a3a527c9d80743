namespace Dispatch.System.Tests.Server;

/// <summary>One server for all; its settings are changed, so one test at a time.</summary>
[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<ServerFixture>
{
    public const string Name = "server";
}
