namespace Dispatch.Worker.Notices;

enum CarrierVerdict
{
    Taken,

    /// <summary>Refused for what the address is: trying again is of no use.</summary>
    Never,

    /// <summary>This message may be taken another time; perhaps it was taken, and nobody said so.</summary>
    Later,

    /// <summary>Nothing is taken at the moment, whoever it is for.</summary>
    Away,
}
