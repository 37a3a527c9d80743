namespace Dispatch.Worker.Country;

/// <summary>Where a household lives.</summary>
/// <param name="Letter">0 = none.</param>
/// <param name="Floor">−2 = a house, −1 = basement, 0 = ground floor.</param>
/// <param name="Door">0 = none, then right, left, middle; above 3 a number, 3 less.</param>
/// <param name="Village">Supplementary town name; may be missing.</param>
readonly record struct Dwelling(
    Postcode Postcode, Word Street, int House, byte Letter, int Floor, int Door, Word? Village)
{
    const int NoFloor = -2;
    const int LastNamedDoor = 3;

    public static Dwelling Draw(ref SplitMix random)
    {
        var postcode = Postcodes.Draw(ref random);
        var street = Streets.Draw(postcode.Kind, ref random);
        // Low numbers are the common ones: every street has them.
        var house = 1 + random.Below(1 + random.Below(postcode.Kind == DistrictKind.City ? 180 : 120));
        var letter = random.Hits(90_000) ? (byte)('A' + random.Below(random.Below(12) + 1)) : (byte)0;
        var isFlat = random.Hits(postcode.Kind switch
        {
            DistrictKind.City => 900_000,
            DistrictKind.Town => 330_000,
            _ => 40_000,
        });
        var floor = !isFlat ? NoFloor : random.Hits(6_000) ? -1 : random.Below(6);
        var door = isFlat ? DrawDoor(ref random) : 0;
        var village = postcode.Kind == DistrictKind.Land && random.Hits(
            300_000) ? Streets.DrawVillage(ref random) : null;
        return new Dwelling(postcode, street, house, letter, floor, door, village);
    }

    /// <summary>One line: <c>Lærkevej 9C, 1. tv</c>.</summary>
    public void WriteStreet(RowFile file)
    {
        file.Text(Street.Text);
        file.Byte((byte)' ');
        file.Number(House);
        if (Letter != 0)
        {
            file.Byte(Letter);
        }

        if (Floor != NoFloor)
        {
            WriteFloor(file);
            WriteDoor(file);
        }
    }

    static int DrawDoor(ref SplitMix random) => random.Below(100) switch
    {
        < 40 => 1,
        < 80 => 2,
        < 88 => 3,
        < 96 => LastNamedDoor + random.Between(1, 24),
        _ => 0,
    };

    void WriteFloor(RowFile file)
    {
        file.Text(", "u8);
        if (Floor > 0)
        {
            file.Number(Floor);
        }
        else
        {
            file.Text(Floor == 0 ? "st"u8 : "kl"u8);
        }

        file.Byte((byte)'.');
    }

    void WriteDoor(RowFile file)
    {
        switch (Door)
        {
            case 0:
                return;
            case 1:
                file.Text(" th"u8);
                return;
            case 2:
                file.Text(" tv"u8);
                return;
            case LastNamedDoor:
                file.Text(" mf"u8);
                return;
            default:
                file.Byte((byte)' ');
                file.Number(Door - LastNamedDoor);
                return;
        }
    }
}
