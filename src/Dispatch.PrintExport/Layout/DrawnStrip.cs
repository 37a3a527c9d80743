namespace Dispatch.PrintExport.Layout;

/// <summary>A strip with its place on a page.</summary>
/// <param name="Placed">Index among the placed strips.</param>
/// <param name="Top">From the top of the page.</param>
readonly record struct DrawnStrip(int Placed, int Top);
