namespace Dispatch.Routing.Register;

/// <summary>What a row needs of one person or company, side by side: it comes from memory in one go. It
/// lies in images as it lies in memory: a change needs another <see cref="RegisterImage.Format"/>.</summary>
/// <param name="BirthDay">Days as in <see cref="Register.BirthDay"/>; 0 of a company.</param>
readonly record struct RegisterEntry(int PersonId, PersonFacts Facts, ushort BirthDay);
