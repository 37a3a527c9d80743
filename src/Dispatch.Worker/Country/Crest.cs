namespace Dispatch.Worker.Country;

/// <summary>
/// The arms of a country that is not: a tower by the sea between two stars, under a crown. Drawn with additions and
/// square roots only, so that every machine gives the same bytes.
/// </summary>
static class Crest
{
    public const int WidthPixels = 240;
    public const int HeightPixels = 280;

    const int SamplesPerSide = 4;
    const int BytesPerPixel = 3;
    const double Middle = WidthPixels / 2.0;
    const double ShieldTop = 72;
    const double ShieldShoulder = 160;
    const double ShieldHalfWidth = 92;

    /// <summary>How far the pointed lower half is pressed together.</summary>
    const double ShieldSquash = 0.7;

    const int White = 0xFFFFFF;
    const int Blue = 0x1F3A5F;
    const int Gold = 0xC9A227;
    const int Ink = 0x14263F;

    public static byte[] ToPng()
    {
        var pixels = new byte[WidthPixels * HeightPixels * BytesPerPixel];
        for (var y = 0; y < HeightPixels; y++)
        {
            for (var x = 0; x < WidthPixels; x++)
            {
                Average(x, y, pixels.AsSpan((y * WidthPixels + x) * BytesPerPixel, BytesPerPixel));
            }
        }

        return PngFile.FromRgb(pixels, WidthPixels, HeightPixels);
    }

    static void Average(int x, int y, Span<byte> pixel)
    {
        var (red, green, blue) = (0, 0, 0);
        for (var i = 0; i < SamplesPerSide * SamplesPerSide; i++)
        {
            var colour = ColourAt(
                x + (i % SamplesPerSide + 0.5) / SamplesPerSide, y + (i / SamplesPerSide + 0.5) / SamplesPerSide);
            red += colour >> 16;
            green += (colour >> 8) & 255;
            blue += colour & 255;
        }

        const int samples = SamplesPerSide * SamplesPerSide;
        pixel[0] = (byte)((red + samples / 2) / samples);
        pixel[1] = (byte)((green + samples / 2) / samples);
        pixel[2] = (byte)((blue + samples / 2) / samples);
    }

    static int ColourAt(double x, double y)
    {
        // Both halves are the same: everything is drawn by its distance from the middle.
        var side = Math.Abs(x - Middle);
        if (y < ShieldTop - 4)
        {
            return Crown(side, y);
        }

        if (!IsInShield(side, y, 0))
        {
            return White;
        }

        return !IsInShield(side, y, 5) ? Ink : !IsInShield(side, y, 9) ? Gold : Field(side, y);
    }

    static bool IsInShield(double side, double y, double inset)
    {
        if (y < ShieldTop + inset)
        {
            return false;
        }

        // The lower half is two arcs of twice the width's radius, pressed together.
        var below = Math.Max(y - ShieldShoulder, 0) / ShieldSquash;
        var radius = 2 * ShieldHalfWidth - inset;
        return below < radius && side < Math.Sqrt(radius * radius - below * below) - ShieldHalfWidth;
    }

    static int Field(double side, double y)
    {
        if (y > 196)
        {
            return Sea(side, y);
        }

        if (Tower(side, y) is { } colour)
        {
            return colour;
        }

        return IsInStar(side - 58, y - 124) ? Gold : Blue;
    }

    /// <summary>Bars with waves 36 wide, each wave two parabolas.</summary>
    static int Sea(double side, double y)
    {
        var along = (side + 9) % 36 / 18;
        var half = along % 1;
        var height = 4 * half * (1 - half) * (along < 1 ? 1 : -1);
        var bar = (y - 200 + 4 * height) / 9;
        return bar >= 0 && (int)bar % 2 == 0 ? White : Blue;
    }

    static int? Tower(double side, double y)
    {
        var isBattlement = y is > 96 and <= 108 && side is < 6 or > 13 and < 25;
        var isHead = y is > 108 and <= 120 && side < 25;
        var isBody = y > 120 && side < 19 + (y - 120) * 0.05;
        if (y <= 96 || !(y <= 108 ? isBattlement && side < 25 : isHead || isBody))
        {
            return null;
        }

        var isDoor = y > 176 ? side < 7 : side * side + (y - 176) * (y - 176) < 49;
        var isWindow = y is > 134 and < 150 && side is > 6 and < 11;
        var isLedge = y is > 119 and < 122;
        return isDoor || isWindow || isLedge ? Ink : White;
    }

    /// <summary>Two triangles, one upon the other.</summary>
    static bool IsInStar(double x, double y)
    {
        const double inner = 6.5;
        var slope = 0.866 * Math.Abs(x);
        return (y < inner && slope - 0.5 * y < inner) || (-y < inner && slope + 0.5 * y < inner);
    }

    static int Crown(double side, double y)
    {
        if (y is > 52 and <= 64)
        {
            return side < 56 ? (y is < 54.5 or > 61.5 || side > 53.5 ? Ink : IsJewel(side, y) ? Blue : Gold) : White;
        }

        // Points stand 28 apart; the outer ones lean outwards with the height.
        var lean = (52 - y) * 0.22 * Math.Min(side / 56, 1);
        var place = Math.Abs(side - lean);
        var fromPoint = Math.Abs((place + 14) % 28 - 14);
        var rise = 20 + fromPoint * 2.2;
        if (y <= 52 && y > rise && place < 56)
        {
            return y < rise + 4.5 ? Ink : Gold;
        }

        var ball = fromPoint * fromPoint + (y - 17) * (y - 17);
        return place < 62 && ball < 30 ? (ball < 14 ? Gold : Ink) : White;
    }

    static bool IsJewel(double side, double y)
    {
        var across = Math.Abs((side + 14) % 28 - 14);
        return across * 0.6 + Math.Abs(y - 58) < 2.8;
    }
}
