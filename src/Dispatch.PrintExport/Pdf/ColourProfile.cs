using System.Buffers.Binary;
using System.Text;

namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// An sRGB profile (IEC 61966-2-1) in ICC form, version 2.1, computed here: PDF/A wants every colour tied to a profile.
/// </summary>
static class ColourProfile
{
    const int HeaderBytes = 128;
    // Some readers invert the curve anew for every page, at a cost that grows with its points; between 128 of them a
    // straight line is off by less than a ten-thousandth.
    const int CurvePoints = 128;

    /// <summary>The profile; the same bytes every time.</summary>
    public static byte[] Build()
    {
        var curve = Curve();

        // Primaries of sRGB, adapted to the D50 white of the profile connection space.
        (string Tag, byte[] Data)[] tags =
        [
            ("desc", Description("sRGB IEC61966-2.1")),
            ("cprt", Text("No copyright: computed from IEC 61966-2-1")),
            ("wtpt", Xyz(0.9505, 1.0, 1.0891)),
            ("rXYZ", Xyz(0.4360, 0.2225, 0.0139)),
            ("gXYZ", Xyz(0.3851, 0.7169, 0.0971)),
            ("bXYZ", Xyz(0.1431, 0.0606, 0.7141)),
            ("rTRC", curve),
            ("gTRC", curve),
            ("bTRC", curve),
        ];
        var profile = new MemoryStream();
        profile.Write(new byte[HeaderBytes + 4 + tags.Length * 12]);
        var directory = new byte[4 + tags.Length * 12];
        BinaryPrimitives.WriteInt32BigEndian(directory, tags.Length);
        var curveAt = 0;
        for (var i = 0; i < tags.Length; i++)
        {
            var isShared = ReferenceEquals(tags[i].Data, curve) && curveAt != 0;
            var offset = isShared ? curveAt : (int)profile.Length;
            curveAt = ReferenceEquals(tags[i].Data, curve) ? offset : curveAt;
            var entry = directory.AsSpan(4 + i * 12, 12);
            Encoding.ASCII.GetBytes(tags[i].Tag, entry);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], offset);
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], tags[i].Data.Length);
            if (!isShared)
            {
                profile.Write(tags[i].Data);
                profile.Write(new byte[-profile.Length & 3]);
            }
        }

        var bytes = profile.ToArray();
        WriteHeader(bytes);
        directory.CopyTo(bytes, HeaderBytes);
        return bytes;
    }

    static void WriteHeader(byte[] profile)
    {
        BinaryPrimitives.WriteInt32BigEndian(profile, profile.Length);
        BinaryPrimitives.WriteUInt32BigEndian(profile.AsSpan(8), 0x02100000);
        Encoding.ASCII.GetBytes("mntrRGB XYZ ", profile.AsSpan(12));

        // Creation date: a fixed one, that of the standard.
        BinaryPrimitives.WriteUInt16BigEndian(profile.AsSpan(24), 1999);
        BinaryPrimitives.WriteUInt16BigEndian(profile.AsSpan(26), 10);
        BinaryPrimitives.WriteUInt16BigEndian(profile.AsSpan(28), 18);
        Encoding.ASCII.GetBytes("acsp", profile.AsSpan(36));
        Xyz(0.9642, 1.0, 0.8249).AsSpan(8).CopyTo(profile.AsSpan(68));
    }

    static byte[] Curve()
    {
        var curve = new byte[12 + CurvePoints * 2];
        Encoding.ASCII.GetBytes("curv", curve);
        BinaryPrimitives.WriteInt32BigEndian(curve.AsSpan(8), CurvePoints);
        for (var i = 0; i < CurvePoints; i++)
        {
            var value = i / (CurvePoints - 1.0);
            var linear = value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
            BinaryPrimitives.WriteUInt16BigEndian(curve.AsSpan(12 + i * 2), (ushort)Math.Round(linear * 65535));
        }

        return curve;
    }

    static byte[] Xyz(double x, double y, double z)
    {
        var tag = new byte[20];
        Encoding.ASCII.GetBytes("XYZ ", tag);
        BinaryPrimitives.WriteInt32BigEndian(tag.AsSpan(8), (int)Math.Round(x * 65536));
        BinaryPrimitives.WriteInt32BigEndian(tag.AsSpan(12), (int)Math.Round(y * 65536));
        BinaryPrimitives.WriteInt32BigEndian(tag.AsSpan(16), (int)Math.Round(z * 65536));
        return tag;
    }

    static byte[] Text(string text) => [.. "text\0\0\0\0"u8, .. Encoding.ASCII.GetBytes(text), 0];

    static byte[] Description(string text)
    {
        // ASCII part; then empty Unicode and Macintosh parts.
        var tag = new byte[12 + text.Length + 1 + 8 + 3 + 67];
        Encoding.ASCII.GetBytes("desc", tag);
        BinaryPrimitives.WriteInt32BigEndian(tag.AsSpan(8), text.Length + 1);
        Encoding.ASCII.GetBytes(text, tag.AsSpan(12));
        return tag;
    }
}
