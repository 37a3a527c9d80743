namespace Dispatch.Worker.Country;

/// <summary>read_access.csv: spouses, parents of teenagers, guardians, and somebody who helps the old.</summary>
sealed class ReadAccessFile
{
    const int PartnerPerMillion = 30_000;
    const int OldPartnerPerMillion = 90_000;
    const int ParentPerMillion = 350_000;
    const int GuardianPerMillion = 600_000;
    const int HelperPerMillion = 60_000;
    const int OldFrom = 70;

    readonly Population _population;
    readonly RowFile _file;

    ReadAccessFile(Population population, RowFile file)
    {
        _population = population;
        _file = file;
    }

    public static ReadOnlySpan<byte> Header => "owner;reader;granted_by;from;to;notify"u8;

    public static void Write(Population population, RowFile file)
    {
        var access = new ReadAccessFile(population, file);
        for (var person = 0; person < population.Count; person++)
        {
            if (population.Age(person) >= 15 && population.RoleOf(person) != Role.OldNumber)
            {
                access.WriteReaders(person);
            }
        }

        file.Flush();
    }

    void WriteReaders(int person)
    {
        var random = new SplitMix(_population.Seed, RandomStream.ReadAccess, person);
        if (_population.RoleOf(person) == Role.Child)
        {
            WriteParents(person, ref random);
        }
        else
        {
            WritePartner(person, ref random);
        }

        var guardian = Relations.Guardian(_population, person);
        if (guardian != Relations.Nobody)
        {
            if (random.Hits(GuardianPerMillion))
            {
                WriteRow(person, guardian, "guardian"u8, ref random);
            }
        }
        else if (_population.Age(person) >= OldFrom && random.Hits(HelperPerMillion))
        {
            var helper = Relations.SomeAdult(_population, person, ref random);
            if (helper != Relations.Nobody)
            {
                WriteRow(person, helper, random.Hits(300_000) ? "citizen-service"u8 : "self"u8, ref random);
            }
        }
    }

    void WriteParents(int child, ref SplitMix random)
    {
        var head = _population.HeadOf(child);
        if (_population.Age(child) >= 18 || !random.Hits(ParentPerMillion))
        {
            return;
        }

        WriteRow(child, head, "self"u8, ref random);
        if (_population.RoleOf(head + 1) == Role.Partner && random.Hits(600_000))
        {
            WriteRow(child, head + 1, "self"u8, ref random);
        }
    }

    void WritePartner(int person, ref SplitMix random)
    {
        var isHead = _population.RoleOf(person) == Role.Head;
        var partner = isHead ? person + 1 : person - 1;
        var isCouple = !isHead
            || (partner < _population.Count && _population.RoleOf(partner) == Role.Partner);
        if (isCouple && random.Hits(_population.Age(person) >= OldFrom ? OldPartnerPerMillion : PartnerPerMillion))
        {
            WriteRow(person, partner, "self"u8, ref random);
        }
    }

    void WriteRow(int owner, int reader, ReadOnlySpan<byte> grantedBy, ref SplitMix random)
    {
        // Nobody owns a mailbox before 15, so no access to it is older.
        var yearsOpen = Math.Min(_population.Age(owner) - 14, 10);
        var from = Population.AgesOn.AddDays(-1 - random.Below(yearsOpen * 365));
        _file.Cpr(_population.Cpr(owner));
        _file.Separator();
        _file.Cpr(_population.Cpr(reader));
        _file.Separator();
        _file.Text(grantedBy);
        _file.Separator();
        _file.Date(from);
        _file.Separator();
        if (random.Hits(100_000))
        {
            _file.Date(from.AddDays(90 + random.Below(3_650)));
        }

        _file.Separator();
        _file.Text(random.Below(4) switch { 0 => "none"u8, 1 => "email"u8, 2 => "sms"u8, _ => "both"u8 });
        _file.EndRow();
    }
}
