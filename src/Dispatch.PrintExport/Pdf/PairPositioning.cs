using System.Buffers.Binary;
using System.Numerics;

namespace Dispatch.PrintExport.Pdf;

/// <summary>
/// The kerning of Latin text in a font's GPOS table (OpenType specification, GPOS, lookup types 2 and 9): the lookups
/// of the feature <c>kern</c>, and of their values the advance of the first glyph.
/// </summary>
sealed class PairPositioning(TrueTypeFont font)
{
    const int PairLookup = 2;
    const int ExtensionLookup = 9;
    const int PlacementBits = 0x0003;
    const int AdvanceBit = 0x0004;

    readonly byte[] _table = font.Table("GPOS").ToArray();
    readonly Dictionary<ushort, short[]> _rows = [];

    /// <summary>For each glyph that stands first in a pair: the value for every glyph behind it.</summary>
    public Dictionary<ushort, short[]> Read()
    {
        foreach (var lookup in Lookups().Distinct().Order())
        {
            ReadLookup(lookup);
        }

        return _rows;
    }

    /// <summary>Offsets of the lookups of the feature in the language system that is the Latin script's own.</summary>
    IEnumerable<int> Lookups()
    {
        var (features, lookups) = (U16(6), U16(8));
        if (LanguageSystem() is not { } system)
        {
            yield break;
        }

        for (var i = 0; i < U16(system + 4); i++)
        {
            var record = features + 2 + U16(system + 6 + i * 2) * 6;
            if (!IsTag(record, "kern"u8))
            {
                continue;
            }

            var feature = features + U16(record + 4);
            for (var j = 0; j < U16(feature + 2); j++)
            {
                yield return lookups + U16(lookups + 2 + U16(feature + 4 + j * 2) * 2);
            }
        }
    }

    int? LanguageSystem()
    {
        var scripts = U16(4);
        int? found = null;
        for (var i = 0; i < U16(scripts); i++)
        {
            var record = scripts + 2 + i * 6;
            var script = scripts + U16(record + 4);
            var isLatin = IsTag(record, "latn"u8);
            if ((isLatin || found is null && IsTag(record, "DFLT"u8)) && U16(script) != 0)
            {
                found = script + U16(script);
            }

            if (isLatin)
            {
                break;
            }
        }

        return found;
    }

    void ReadLookup(int lookup)
    {
        // The first subtable that knows a pair decides; other lookups add to it.
        var decided = new Dictionary<ushort, bool[]>();
        for (var i = 0; i < U16(lookup + 4); i++)
        {
            var (type, subtable) = (U16(lookup), lookup + U16(lookup + 6 + i * 2));
            if (type == ExtensionLookup)
            {
                var distance = BinaryPrimitives.ReadUInt32BigEndian(_table.AsSpan(subtable + 4));
                (type, subtable) = (U16(subtable + 2), subtable + (int)distance);
            }

            if (type != PairLookup)
            {
                continue;
            }

            var classes = U16(subtable) == 1 ? [] : Classes(subtable + U16(subtable + 10));
            foreach (var (glyph, index) in Coverage(subtable + U16(subtable + 2)))
            {
                if (!decided.TryGetValue(glyph, out var isDecided))
                {
                    decided.Add(glyph, isDecided = new bool[font.GlyphCount]);
                }

                ReadPairs(subtable, glyph, index, classes, isDecided);
            }
        }
    }

    void ReadPairs(int subtable, ushort left, int index, int[] classes, bool[] isDecided)
    {
        if (!_rows.TryGetValue(left, out var row))
        {
            _rows.Add(left, row = new short[font.GlyphCount]);
        }

        var (first, second) = (U16(subtable + 4), U16(subtable + 6));
        var valueBytes = (BitOperations.PopCount((uint)first) + BitOperations.PopCount((uint)second)) * 2;
        var advanceAt = BitOperations.PopCount((uint)(first & PlacementBits)) * 2;
        if (U16(subtable) == 1)
        {
            var set = subtable + U16(subtable + 10 + index * 2);
            for (var i = 0; i < U16(set); i++)
            {
                var pair = set + 2 + i * (2 + valueBytes);
                Decide(U16(pair), pair + 2);
            }
        }
        else
        {
            var records = subtable + 16 + ClassOf(subtable + U16(subtable + 8), left) * U16(subtable + 14) * valueBytes;
            for (var right = 0; right < classes.Length; right++)
            {
                Decide(right, records + classes[right] * valueBytes);
            }
        }

        void Decide(int right, int value)
        {
            if (!isDecided[right])
            {
                isDecided[right] = true;
                row[right] += (first & AdvanceBit) != 0 ? font.Scale((short)U16(value + advanceAt)) : (short)0;
            }
        }
    }

    IEnumerable<(ushort Glyph, int Index)> Coverage(int table)
    {
        var isList = U16(table) == 1;
        for (var i = 0; i < U16(table + 2); i++)
        {
            if (isList)
            {
                yield return (U16(table + 4 + i * 2), i);
                continue;
            }

            var (range, index) = (table + 4 + i * 6, U16(table + 8 + i * 6));
            for (int glyph = U16(range); glyph <= U16(range + 2); glyph++)
            {
                yield return ((ushort)glyph, index + glyph - U16(range));
            }
        }
    }

    int[] Classes(int table) => [.. Enumerable.Range(0, font.GlyphCount).Select(glyph => ClassOf(table, glyph))];

    int ClassOf(int table, int glyph)
    {
        if (U16(table) == 1)
        {
            var at = glyph - U16(table + 2);
            return at >= 0 && at < U16(table + 4) ? U16(table + 6 + at * 2) : 0;
        }

        for (var i = 0; i < U16(table + 2); i++)
        {
            var range = table + 4 + i * 6;
            if (glyph >= U16(range) && glyph <= U16(range + 2))
            {
                return U16(range + 4);
            }
        }

        return 0;
    }

    bool IsTag(int at, ReadOnlySpan<byte> tag) => _table.AsSpan(at, 4).SequenceEqual(tag);

    ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_table.AsSpan(at));
}
