namespace Dispatch.PrintExport.Layout;

/// <summary>How far a piece travels; the numbers are stored with the piece.</summary>
public enum PostalZone : short
{
    Denmark = 1,
    Eu = 2,
    World = 3,
}
