namespace Dispatch.Routing.Rules;

/// <summary>Where a row ends. The numbers are stored in the database.</summary>
public enum Channel : byte
{
    Digital = 1,
    Paper = 2,
    Held = 3,
    Refused = 4,
}
