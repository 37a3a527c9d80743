namespace Dispatch.Worker.Country;

enum DistrictKind
{
    /// <summary>Mostly flats.</summary>
    City,

    /// <summary>Houses and some flats.</summary>
    Town,

    /// <summary>Houses and farms, with villages beside the postal town.</summary>
    Land,
}
