namespace Dispatch.Worker.Country;

/// <summary>A postal district.</summary>
/// <param name="Kind">How people live there.</param>
sealed record Postcode(byte[] Number, byte[] District, DistrictKind Kind);
