using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Dispatch.System.Tests.Secrecy;

/// <summary>Something planted that must come out nowhere, and the forms it could come out in.</summary>
/// <param name="Name">Stands for it in messages.</param>
sealed record Canary(string Name, IReadOnlyList<byte[]> Forms)
{
    /// <summary>A word that stands nowhere else; with Danish letters, so that encodings tell it apart.</summary>
    public static Canary Word(string word) => new(word, FormsOf(word));

    /// <summary>A CPR number: with and without hyphen, and as an integer of eight bytes.</summary>
    public static Canary Number(string cpr)
    {
        var value = BitConverter.GetBytes(long.Parse(cpr, CultureInfo.InvariantCulture));
        return new("a CPR number", [.. FormsOf(cpr), .. FormsOf(cpr.Insert(6, "-")), value, [.. value.Reverse()]]);
    }

    public bool IsIn(ReadOnlySpan<byte> bytes)
    {
        foreach (var form in Forms)
        {
            if (bytes.IndexOf(form) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As a process has it at hand: the text itself, and as a string.</summary>
    public Canary InMemory() => this with { Forms = [.. Forms.Take(2)] };

    /// <summary>How often it is there, in all forms together.</summary>
    public int CountIn(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var form in Forms)
        {
            count += bytes.Count(form);
        }

        return count;
    }

    static IReadOnlyList<byte[]> FormsOf(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var hex = Convert.ToHexString(plain);
        return
        [
            plain, Encoding.Unicode.GetBytes(text), Encoding.BigEndianUnicode.GetBytes(text),
            Encoding.Latin1.GetBytes(text),
            Encoding.ASCII.GetBytes(hex), Encoding.ASCII.GetBytes(hex.ToLowerInvariant()),
            JsonEncodedText.Encode(text).EncodedUtf8Bytes.ToArray(), .. Base64Of(plain),
        ];
    }

    // Base64 of a text that holds it depends on where in its group of three it begins; the characters at the ends,
    // which neighbours share, are left out.
    static IEnumerable<byte[]> Base64Of(byte[] plain)
    {
        for (var before = 0; before < 3; before++)
        {
            var encoded = Convert.ToBase64String([.. new byte[before], .. plain]);
            var first = (before * 8 + 5) / 6;
            var last = (before + plain.Length) * 8 / 6;
            yield return Encoding.ASCII.GetBytes(encoded[first..last]);
        }
    }
}
