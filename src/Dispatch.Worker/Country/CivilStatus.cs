namespace Dispatch.Worker.Country;

/// <summary>Civil status codes of the CPR register.</summary>
enum CivilStatus : byte
{
    Resident = 1,
    NoFixedAbode = 3,
    Greenland = 5,
    GreenlandNoFixedAbode = 7,
    Reserved = 10,
    TaxOnly = 20,
    Annulled = 30,
    Double = 50,
    Changed = 60,
    Disappeared = 70,
    Emigrated = 80,
    Dead = 90,
}
