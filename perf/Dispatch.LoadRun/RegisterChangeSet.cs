namespace Dispatch.LoadRun;

/// <summary>
/// A folder of changes for a generated country: moves, deaths, exemptions, departures, removals, and people who are
/// new, in no order. Who is new is held back from the register it belongs to. Same country, same bytes.
/// </summary>
sealed class RegisterChangeSet
{
    const string EffectiveAt = "2026-01-02";
    const int NewShare = 20;
    const int Status = 1;
    const int Street = 7;
    const int Contact = 12;
    const int Exempt = 14;

    readonly List<string> _lines = [];
    readonly Random _random = new(1);

    /// <param name="register">Its people.csv is written again, without those who are new in the changes.</param>
    public static void Write(string register, string folder, int people, int changes)
    {
        var set = new RegisterChangeSet();
        var path = Path.Combine(register, "people.csv");
        var header = set.Split(path, people, changes);
        var lines = set._lines.ToArray();
        set._random.Shuffle(lines);
        using var file = new StreamWriter(Path.Combine(Directory.CreateDirectory(folder).FullName, "people.csv"));
        file.WriteLine($"op;effective_at;{header}");
        foreach (var line in lines)
        {
            file.WriteLine(line);
        }
    }

    string Split(string path, int people, int changes)
    {
        var whole = path + ".whole";
        File.Move(path, whole);
        using var lines = File.ReadLines(whole).GetEnumerator();
        lines.MoveNext();
        var header = lines.Current;
        using var kept = new StreamWriter(path);
        kept.WriteLine(header);
        while (lines.MoveNext())
        {
            // Spread evenly over the country.
            if (_random.Next(people--) >= changes - _lines.Count)
            {
                kept.WriteLine(lines.Current);
            }
            else if (_random.Next(NewShare) == 0)
            {
                _lines.Add($"put;{EffectiveAt};{lines.Current}");
            }
            else
            {
                kept.WriteLine(lines.Current);
                _lines.Add(Change(lines.Current.Split(';')));
            }
        }

        return header;
    }

    string Change(string[] fields)
    {
        var op = "put";
        switch (_random.Next(NewShare))
        {
            case 0:
                op = "remove";
                break;
            case 1:
                fields[Status] = "90";
                break;
            case 2:
                fields[Exempt] = fields[Exempt] == "1" ? "" : "1";
                break;
            case 3:
                (fields[Status], fields[Contact]) = ("80", "Rue 1|1000 Bruxelles");
                break;
            default:
                fields[Street] = $"Nygade {_random.Next(1, 200)}, 1. tv";
                break;
        }

        return $"{op};{EffectiveAt};{string.Join(';', fields)}";
    }
}
