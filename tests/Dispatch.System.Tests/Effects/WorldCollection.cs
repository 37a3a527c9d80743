namespace Dispatch.System.Tests.Effects;

[CollectionDefinition(Name)]
public sealed class WorldCollection : ICollectionFixture<WorldFixture>
{
    public const string Name = "world";
}
