namespace Dispatch.Worker.Country;

/// <summary>What a random number is used for: two uses never share numbers, so one can change without the
/// other.</summary>
enum RandomStream
{
    Household,
    Dwelling,
    Person,
    Serial,
    Guardian,
    ReadAccess,
    Registration,
    Company,
    ListOrder,
    ListChild,
    TaxStatement,
}
