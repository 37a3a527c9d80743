namespace Dispatch.PrintExport.Marks;

/// <summary>Where a piece lies among those that go into one envelope.</summary>
/// <param name="Number">Of the envelope in its batch, from 1.</param>
/// <param name="SheetsBefore">Sheets of the envelope's pieces before this one.</param>
/// <param name="Sheets">Sheets of all the envelope's pieces.</param>
public readonly record struct EnvelopePlace(int Number, int SheetsBefore, int Sheets);
