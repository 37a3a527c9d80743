namespace Dispatch.PrintExport.Layout;

/// <summary>The rule below a table row.</summary>
/// <param name="Gray">0 black – 100 white.</param>
sealed record TableRule(int Left, int Width, int Weight, int Gray);
