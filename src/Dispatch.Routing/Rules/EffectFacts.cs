using Dispatch.Routing.Register;

namespace Dispatch.Routing.Rules;

/// <summary>
/// What a decision was made of, kept beside every effect so that it can be explained years later: bits 0–15
/// <see cref="PersonFacts"/>, 16 registered with the private sender, 17–23 age in years, 24–26 numbers followed,
/// 27 a company number, 28 found in the register.
/// </summary>
public readonly record struct EffectFacts(int Packed)
{
    const int RegisteredBit = 1 << 16;
    const int AgeShift = 17;
    const int HopsShift = 24;
    const int CompanyBit = 1 << 27;
    const int FoundBit = 1 << 28;

    public PersonFacts Person => new((ushort)Packed);

    public bool IsRegistered => (Packed & RegisteredBit) != 0;

    /// <summary>Age in whole years on the release date, at most 127.</summary>
    public int Age => Packed >> AgeShift & 0x7F;

    /// <summary>How many times a changed or double number led on to another.</summary>
    public int Hops => Packed >> HopsShift & 7;

    public bool IsCompany => (Packed & CompanyBit) != 0;

    public bool WasFound => (Packed & FoundBit) != 0;

    public static EffectFacts NotFound(bool isCompany, int hops) =>
        new((isCompany ? CompanyBit : 0) | hops << HopsShift);

    public static EffectFacts Of(PersonFacts person, bool isRegistered, int age, int hops) =>
        new(person.Packed
            | (isRegistered ? RegisteredBit : 0)
            | Math.Clamp(age, 0, 127) << AgeShift
            | hops << HopsShift
            | (person.IsCompany ? CompanyBit : 0)
            | FoundBit);
}
