namespace Dispatch.PrintExport.Templates;

/// <summary>Takes one row of pixels, top to bottom: one byte a pixel for gray pictures, else red, green,
/// blue.</summary>
delegate void PictureRow(ReadOnlySpan<byte> pixels);
