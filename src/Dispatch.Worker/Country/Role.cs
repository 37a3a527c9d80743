namespace Dispatch.Worker.Country;

/// <summary>Place in the household. The people of a household follow each other in the register, head first.</summary>
enum Role : byte
{
    Head,
    Partner,
    Child,

    /// <summary>Not a person: a number the person before it had until it was changed or found to be double.</summary>
    OldNumber,
}
