using Dispatch.System.Tests.Desk;

namespace Dispatch.System.Tests.PrintHouse;

/// <summary>A desk of their own for the tests with print houses: they take as long as all the others at one.</summary>
[CollectionDefinition(Name)]
public sealed class PrintHouseCollection : ICollectionFixture<DeskFixture>
{
    public const string Name = "print house";
}
