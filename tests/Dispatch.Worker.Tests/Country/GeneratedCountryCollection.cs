namespace Dispatch.Worker.Tests.Country;

[CollectionDefinition(Name)]
public sealed class GeneratedCountryCollection : ICollectionFixture<GeneratedCountry>
{
    public const string Name = "generated country";
}
