namespace Dispatch.Worker.Country;

/// <summary>people.csv, household by household.</summary>
sealed class PeopleFile
{
    /// <summary>Of those with a fixed home, one in so many gets post elsewhere, in an own box.</summary>
    const int PostBoxPerMillion = 6_000;

    const int CareOfPerMillion = 12_000;
    const int BirthDateFromNumberPerMillion = 50_000;

    readonly Population _population;
    readonly RowFile _file;
    Dwelling _dwelling;
    ForeignAddress? _foreign;
    Word? _family;
    Word? _careOf;
    bool _isProtected;
    bool _hasContact;
    DateOnly _movedOn;

    PeopleFile(Population population, RowFile file)
    {
        _population = population;
        _file = file;
    }

    public static ReadOnlySpan<byte> Header =>
        "cpr;status;status_date;current_cpr;birth_date;name;co;street;place;postcode;city;country;contact;"u8
        + "protected;exempt;voluntary;guardian;email;phone;notify"u8;

    public static void Write(Population population, RowFile file)
    {
        var people = new PeopleFile(population, file);
        for (var person = 0; person < population.Count; person++)
        {
            if (population.RoleOf(person) == Role.Head)
            {
                people.MoveIn(person);
            }

            people.WritePerson(person);
        }

        file.Flush();
    }

    void MoveIn(int head)
    {
        var random = new SplitMix(_population.Seed, RandomStream.Dwelling, head);
        var status = _population.Status(head);
        _family = Surnames.Draw(ref random);
        _dwelling = Dwelling.Draw(ref random);
        _movedOn = Population.AgesOn.AddDays(-1 - random.Below(1 + random.Below(9_000)));
        _careOf = random.Hits(CareOfPerMillion) ? Surnames.Draw(ref random) : null;
        _isProtected = random.Hits(
            status == CivilStatus.NoFixedAbode ? Shares.NoFixedAbodeProtected : Shares.Protected);
        _hasContact = status switch
        {
            CivilStatus.Emigrated or CivilStatus.TaxOnly => !random.Hits(Shares.EmigratedWithoutAddress),
            CivilStatus.NoFixedAbode => random.Hits(Shares.NoFixedAbodeWithContact),
            CivilStatus.Resident => random.Hits(PostBoxPerMillion),
            _ => false,
        };
        _foreign = status switch
        {
            CivilStatus.Emigrated or CivilStatus.TaxOnly => ForeignAddress.DrawAbroad(ref random),
            CivilStatus.Greenland => ForeignAddress.DrawInGreenland(ref random),
            _ => null,
        };
    }

    void WritePerson(int person)
    {
        // An old number keeps its person's name: it is written from the same stream.
        var current = _population.CurrentPerson(person);
        var random = new SplitMix(_population.Seed, RandomStream.Person, current);
        var status = _population.Status(person);
        var name = PersonName.Draw(_population, current, _family!, ref random);

        _file.Cpr(_population.Cpr(person));
        _file.Separator();
        _file.Number((uint)status, 2);
        _file.Separator();
        _file.Date(StatusDate(current, status, ref random));
        _file.Separator();
        if (_population.RoleOf(person) == Role.OldNumber)
        {
            _file.Cpr(_population.Cpr(person - 1));
        }

        _file.Separator();
        if (!random.Hits(BirthDateFromNumberPerMillion))
        {
            _file.Date(_population.BirthDate(person));
        }

        _file.Separator();
        name.Write(_file);
        _file.Separator();
        WriteAddress(person, status);
        WriteFlags(person, status, ref random);
        WriteNotices(person, name, ref random);
        _file.EndRow();
    }

    DateOnly StatusDate(int person, CivilStatus status, ref SplitMix random)
    {
        var date = status == CivilStatus.Dead ? Population.AgesOn.AddDays(-1 - random.Below(45)) : _movedOn;
        var birth = _population.BirthDate(person);
        return date > birth ? date : birth;
    }

    void WriteAddress(int person, CivilStatus status)
    {
        var house = _dwelling.House;
        var isAtHome = status is CivilStatus.Resident or CivilStatus.Dead;
        if (_careOf is not null && isAtHome)
        {
            _file.Text("c/o "u8);
            _file.Text(_careOf.Text);
        }

        _file.Separator();
        if (isAtHome)
        {
            _dwelling.WriteStreet(_file);
            _file.Separator();
            _file.Text(_dwelling.Village is null ? [] : _dwelling.Village.Text);
            _file.Separator();
            _file.Text(_dwelling.Postcode.Number);
            _file.Separator();
            _file.Text(_dwelling.Postcode.District);
            _file.Separator();
        }
        else if (status == CivilStatus.Greenland)
        {
            _foreign!.WriteStreet(_file, house);
            _file.Text(";;"u8);
            _file.Text(_foreign.Town.AsSpan(0, 4));
            _file.Separator();
            _file.Text(_foreign.Town.AsSpan(5));
            _file.Separator();
        }
        else
        {
            _file.Text(";;;;"u8);
        }

        var hasCountry = _foreign is not null && _population.RoleOf(person) != Role.OldNumber;
        _file.Text(hasCountry ? _foreign!.Country : []);
        _file.Separator();
        WriteContact(person, house);
        _file.Separator();
    }

    void WriteContact(int person, int house)
    {
        if (!_hasContact || _population.RoleOf(person) == Role.OldNumber)
        {
            return;
        }

        if (_foreign is not null)
        {
            _foreign.WriteStreet(_file, house);
            _file.Byte((byte)'|');
            _file.Text(_foreign.Town);
            return;
        }

        if (_population.Status(person) == CivilStatus.NoFixedAbode)
        {
            _file.Text("Borgerservice|Rådhuset"u8);
        }
        else
        {
            _file.Text("Postboks "u8);
            _file.Number(house);
        }

        _file.Byte((byte)'|');
        _file.Text(_dwelling.Postcode.Number);
        _file.Byte((byte)' ');
        _file.Text(_dwelling.Postcode.District);
    }

    void WriteFlags(int person, CivilStatus status, ref SplitMix random)
    {
        var age = _population.Age(person);
        var isOutside = status is CivilStatus.Emigrated or CivilStatus.NoFixedAbode or CivilStatus.TaxOnly
            or CivilStatus.Greenland or CivilStatus.GreenlandNoFixedAbode;
        var isExempt = random.Hits(Shares.Exempt(age)) && status is CivilStatus.Resident or CivilStatus.Dead;
        var isVoluntary = random.Hits(Shares.Voluntary) && isOutside && age >= 15;
        _file.Flag(_isProtected);
        _file.Separator();
        _file.Flag(isExempt);
        _file.Separator();
        _file.Flag(isVoluntary);
        _file.Separator();
        var guardian = Relations.Guardian(_population, person);
        if (guardian != Relations.Nobody)
        {
            _file.Cpr(_population.Cpr(guardian));
        }

        _file.Separator();
    }

    void WriteNotices(int person, PersonName name, ref SplitMix random)
    {
        var share = Shares.Contactable(_population.Age(person));
        var hasEmail = random.Hits(share);
        var hasPhone = random.Hits(share);
        if (hasEmail)
        {
            MadeUpContacts.WriteEmail(_file, name, ref random);
        }

        _file.Separator();
        if (hasPhone)
        {
            MadeUpContacts.WritePhone(_file, ref random);
        }

        _file.Separator();
        var wishes = random.Hits(930_000);
        _file.Text((wishes && hasEmail, wishes && hasPhone) switch
        {
            (true, true) => "both"u8,
            (true, false) => "email"u8,
            (false, true) => "sms"u8,
            _ => "none"u8,
        });
    }
}
