namespace Dispatch.Routing.Rules;

/// <summary>CPR civil status codes, as the CPR register's look-up service gives them.</summary>
public static class CivilStatus
{
    public const int Active = 1;
    public const int ActiveNoFixedAbode = 3;
    public const int ActiveGreenland = 5;
    public const int GreenlandNoFixedAbode = 7;
    public const int Reserved = 10;
    public const int TaxNumberOnly = 20;
    public const int Annulled = 30;
    public const int DoubleDeleted = 50;
    public const int Changed = 60;
    public const int Disappeared = 70;
    public const int Emigrated = 80;
    public const int Dead = 90;

    /// <summary>The number was replaced by another one.</summary>
    public static bool IsReplaced(int status) => status is DoubleDeleted or Changed;

    /// <summary>Never valid for a letter.</summary>
    public static bool IsAnnulled(int status) => status is Annulled or Reserved;

    public static bool HasNoFixedAddress(int status) =>
        status is ActiveNoFixedAbode or GreenlandNoFixedAbode or TaxNumberOnly;

    public static bool IsAbroad(int status) => status is ActiveGreenland or Emigrated;

    public static bool IsKnown(int status) => status is Active or ActiveNoFixedAbode or ActiveGreenland
        or GreenlandNoFixedAbode or Reserved or TaxNumberOnly or Annulled or DoubleDeleted or Changed or Disappeared
        or Emigrated or Dead;
}
