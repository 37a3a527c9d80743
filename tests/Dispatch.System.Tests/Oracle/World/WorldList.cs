using System.Globalization;

namespace Dispatch.System.Tests.Oracle.World;

/// <summary>The rows of a world job: every recipient, every fault of a row, repeats near and far.</summary>
sealed class WorldList
{
    static readonly string[] AllColumns =
        ["recipient", "reference", "marker", "amount", "count", "day", "longday", "extra", "inside", "note", "unused"];

    static readonly string[] BadNumbers =
    [
        "", " ", "12345", "123456789", "15067112345", "150671-123", "150671-12345", "150671–1234", "150671 1234",
        "1506711-234", "15067l1234", "15O6711234", "1,01E+09", "150671123.0", "'1506711234", "１５０６７１１２３４",
        "٠١٠٦٧١١٢٣٤", "0000000000", "9999999999", "0006711234", "3206711234", "1500711234", "1513711234",
        "3104711234", "2902711234", "6106711234", "7506711234", "9106711234", "9206711234", "12345678", "1234567",
    ];

    /// <summary>Every marker starts with it.</summary>
    public const string MarkerStart = "MRK";

    readonly Random _random = new(19_680_402);
    readonly WorldRegister _world;
    readonly MadeUpNumbers _numbers;
    readonly DateOnly _today;
    readonly bool _hasReference;
    readonly RecipientList _list;

    public WorldList(WorldRegister world, MadeUpNumbers numbers, DateOnly today, bool hasReference)
    {
        _world = world;
        _numbers = numbers;
        _today = today;
        _hasReference = hasReference;
        _list = new([.. AllColumns.Where(c => hasReference || c != "reference")], WorldLetter.Fields);
    }

    /// <param name="passes">How often everybody is written to, each time under another reference.</param>
    public RecipientList Make(int passes)
    {
        AddNumberFaults();
        AddFieldFaults();
        for (var pass = 1; pass <= passes; pass++)
        {
            foreach (var recipient in _world.Recipients)
            {
                Add(recipient, string.Create(CultureInfo.InvariantCulture, $"p{pass}"));
            }
        }

        AddRepeats();
        return _list;
    }

    void AddNumberFaults()
    {
        foreach (var number in BadNumbers)
        {
            Add(number, "bad");
        }

        var tomorrow = _today.AddDays(1);
        Add(MadeUpNumbers.CprWithDigit7(tomorrow.ToString("ddMMyy", CultureInfo.InvariantCulture), 7), "bad");
        Add(_numbers.Cpr(AgeEdges.Adult), "unknown");
        Add(_numbers.Cvr(), "unknown");
        var known = _numbers.Cpr(AgeEdges.Adult.AddDays(1));
        _world.Register.Add(new Person { Cpr = known, Name = WorldRegister.NameMark, Street = "Kanarivej 1" });
        Add($"{known[..6]}-{known[6..]}", "hyphen");
        Add($"  {known}  ", "spaces");
        Add(known, "spaces");
    }

    void AddFieldFaults()
    {
        (string Column, string Value)[] values =
        [
            .. Each("amount", "1.234,56", "1,234.56", "1234,5", "-0,01", "−5", "NaN", "1e3", "1.23,4", "12.345.678",
                "1,234", "1.2345", "", " ", "kr 5", "+5", "5-", ",5", "5,"),
            .. Each("count", "0", "-7", "1.000", "1 000", "10,123456", "0x1F", "", "1.000.00"),
            .. Each("day", "2026-03-09", "09-03-2026", "2026-02-30", "29-02-2024", "29-02-2023", "32.13.26", "9/3/2026",
                "09-03-26", "2026-3-9", "2026-13-01", ""),
            .. Each("longday", "2026-03-09", "31-12-1999", "31-11-1999", "i går", ""),
            .. Each("extra", "", "0", "12,00", "abc"),
            .. Each("inside", "", "ja"),
            .. Each("note", "", "\u0007", "a\u0000b", "\u001b[31m", "\u0085", "a\u2028b", "a\u2029b", Breaks("\n", 20),
                Breaks("\n", 21), Breaks("\r\n", 20), Breaks("\r\n", 21), "中", "🎉", "{{marker}} @Model ${x} {0}",
                "<script>&amp;</script> **fed** _x_ | # > 1.", "'; DROP TABLE jobs; --", "\"citat\"; og; skilletegn",
                "=HYPERLINK(\"x\")", "%s%n"),
            .. Each("unused", "", "1e3", "=1+1"),
        ];
        foreach (var (column, value) in values)
        {
            Add(NewPerson(), "field", (column, value));
        }

        AddShort();
        if (_hasReference)
        {
            Add(NewPerson(), "line\nbreak");
            Add(NewPerson(), "bell\u0007");
            foreach (var formula in new[] { "=1+1", "+1", "-1", "@x" })
            {
                Add("12345", formula);
            }
        }
    }

    /// <summary>Rows with too few and too many fields, of good numbers and of bad ones.</summary>
    void AddShort()
    {
        foreach (var recipient in new[] { NewPerson(), "12345" })
        {
            Add(recipient, "columns");
            _list.Rows[^1] = _list.Rows[^1][..^1];
            Add(recipient, "columns");
            _list.Rows[^1] = [.. _list.Rows[^1], ""];
        }
    }

    /// <summary>
    /// Letters of the first pass once more, far from the first and across old numbers. People of an unknown status are
    /// left out: no rule says which of two reasons their second row has.
    /// </summary>
    void AddRepeats()
    {
        foreach (var recipient in _world.Recipients.Where((_, i) => i % 7 == 0).Concat(_world.ChainEnds))
        {
            if (_world.Register.Find(recipient).Fault != "register.status")
            {
                Add(recipient, "p1");
            }
        }

        var again = NewPerson();
        Add(again, "again");
        Add(again, "Again");
        Add(again, " again ");
        foreach (var firstAmount in new[] { "NaN", "1" })
        {
            var person = NewPerson();
            Add(person, "twice", ("amount", firstAmount));
            Add(person, "twice");
            Add(person, "twice");
        }
    }

    static IEnumerable<(string Column, string Value)> Each(string column, params string[] values) =>
        values.Select(v => (column, v));

    static string Breaks(string lineBreak, int count) =>
        string.Join(lineBreak, Enumerable.Range(0, count + 1).Select(i => $"linje {i}"));

    /// <summary>A person who gets a digital letter from anybody, new each time.</summary>
    string NewPerson()
    {
        var person = new Person { Cpr = _numbers.Cpr(AgeEdges.Adult), Name = WorldRegister.NameMark };
        _world.Register.Add(Addresses.StreetOnly(person));
        _world.Register.Registrations.Add((person.Cpr, WorldRegister.PrivateSender));
        return person.Cpr;
    }

    void Add(string recipient, string reference, params (string Column, string Value)[] changes)
    {
        var row = new Dictionary<string, string>
        {
            ["recipient"] = recipient,
            ["reference"] = reference,
            ["marker"] = NextMarker(),
            ["amount"] = "1.234,5",
            ["count"] = "12",
            ["day"] = "2026-03-09",
            ["longday"] = "09-03-2026",
            ["extra"] = "0",
            ["inside"] = "ja",
            ["note"] = "Venlig påmindelse",
            ["unused"] = "x",
        };
        foreach (var (column, value) in changes)
        {
            row[column] = value;
        }

        _list.Rows.Add([.. _list.Header.Select(c => row[c])]);
    }

    /// <summary>Text unique to the row: found on a page, it proves whose page it is.</summary>
    string NextMarker() => string.Create(
        CultureInfo.InvariantCulture,
        $"{MarkerStart}{_list.Rows.Count + 1:0000000}{Letter()}{Letter()}{Letter()}{Letter()}");

    char Letter() => (char)('A' + _random.Next(26));
}
