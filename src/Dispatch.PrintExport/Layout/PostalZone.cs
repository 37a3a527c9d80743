namespace Dispatch.PrintExport.Layout;

/// <summary>What postage is counted by. The numbers are stored in the database and sort batches.</summary>
public enum PostalZone : short
{
    Denmark = 1,
    Eu = 2,

    /// <summary>Everywhere else, Greenland and the Faroe Islands included.</summary>
    World = 3,
}
