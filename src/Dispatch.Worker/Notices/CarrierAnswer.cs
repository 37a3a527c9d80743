namespace Dispatch.Worker.Notices;

/// <summary>What came of handing a message over.</summary>
/// <param name="Fault">Code of why not; never anything the other side wrote.</param>
readonly record struct CarrierAnswer(CarrierVerdict Verdict, string Fault = "")
{
    public static CarrierAnswer Taken => new(CarrierVerdict.Taken);

    public static CarrierAnswer Never(string fault) => new(CarrierVerdict.Never, fault);

    public static CarrierAnswer Later(string fault) => new(CarrierVerdict.Later, fault);

    public static CarrierAnswer Away(string fault) => new(CarrierVerdict.Away, fault);
}
