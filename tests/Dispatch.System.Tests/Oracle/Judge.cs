namespace Dispatch.System.Tests.Oracle;

/// <summary>
/// Decides every row of one job by the rules of Digital Post as they are written down for this product, and by nothing
/// of the product itself. Row n of the list is element n - 1 of the answer.
/// </summary>
sealed class Judge
{
    readonly Register _register;
    readonly JobRules _job;
    readonly DateOnly _today;
    readonly HashSet<string> _registered;
    readonly HashSet<(string Number, string Reference)> _seen = [];

    public Judge(Register register, JobRules job, DateOnly today)
    {
        _register = register;
        _job = job;
        _today = today;
        _registered = register.RegisteredWith(job.SenderCvr);
    }

    public Verdict[] Decide(RecipientList list) => [.. list.Rows.Select(row => Decide(list, row))];

    /// <summary>A person born on 29 February turns 15 on 1 March where that year has no such day.</summary>
    public static bool IsUnder15(DateOnly born, DateOnly today)
    {
        var year = born.Year + 15;
        var birthday = born is { Month: 2, Day: 29 } && !DateTime.IsLeapYear(year)
            ? new DateOnly(year, 3, 1)
            : new DateOnly(year, born.Month, born.Day);
        return today < birthday;
    }

    Verdict Decide(RecipientList list, string[] row)
    {
        if (row.Length != list.Header.Length)
        {
            return Verdict.Refused("row.columns");
        }

        var number = RecipientNumber.Read(list.Value(row, "recipient"), _today);
        if ((number.Fault ?? FieldFault(list, row)) is { } fault)
        {
            return Verdict.Refused(fault);
        }

        var decided = number.IsCompany ? DecideCompany(list, row, number.Digits) : DecidePerson(
            list, row, number.Digits);
        return decided.Effect is "digital" or "paper" && list.LetterValues(row).Any(FieldRules.HasForeignGlyph)
            ? Verdict.Refused("render.glyph")
            : decided;
    }

    static string? FieldFault(RecipientList list, string[] row)
    {
        if (list.Value(row, "reference").Any(c => char.IsControl(c)))
        {
            return "field.char";
        }

        return list.Letter.Select(
            f => FieldRules.Fault(f, list.Value(row, f.Column))).FirstOrDefault(f => f is not null);
    }

    Verdict DecidePerson(RecipientList list, string[] row, string cpr)
    {
        var (person, fault) = _register.Find(cpr);
        if (person is null)
        {
            return Verdict.Refused(fault!);
        }

        if (!_seen.Add((person.Cpr, list.Value(row, "reference"))))
        {
            return Verdict.Refused("duplicate");
        }

        return person.Status switch
        {
            "90" => Verdict.Refused("recipient.deceased"),
            "70" => Verdict.Held("recipient.disappeared"),
            _ => Deliver(Route(person), person),
        };
    }

    /// <summary>Rules 9 to 15.</summary>
    Verdict Route(Person person)
    {
        var isAway = person.Status is "03" or "05" or "07" or "20" or "80";
        var asEnrolled = Verdict.Digital(isAway ? "voluntary" : "enrolled");
        var asExempt = person.IsExempt ? "exempt"
            : isAway && !person.IsVoluntary ? (person.Status is "05" or "80" ? "abroad" : "no_fixed_address")
            : null;
        if (_job.Channel == "paper-only")
        {
            return Verdict.Paper("requested");
        }

        if (IsUnder15(person.Born, _today))
        {
            return Verdict.Paper("under_15");
        }

        if (_job.IgnoresExemption)
        {
            return asExempt is null ? asEnrolled : Verdict.Digital("exemption_not_applicable");
        }

        if (asExempt is not null)
        {
            return Verdict.Paper(asExempt);
        }

        if (_job.IsPrivate && !_registered.Contains(person.Cpr))
        {
            return _job.RefusesUnregistered ? Verdict.Refused("not_registered") : Verdict.Paper("not_registered");
        }

        return asEnrolled;
    }

    Verdict Deliver(Verdict routed, Person person)
    {
        if (routed.Effect == "paper" && _job.Channel == "digital-only")
        {
            return Verdict.Refused("not_digital");
        }

        var obstacle = routed.Effect == "paper" ? AddressRules.Obstacle(person) : null;
        var canShowName = routed.Effect == "refused" || !FieldRules.HasForeignGlyph(person.Name);
        return obstacle ?? (canShowName ? routed : Verdict.Refused("render.glyph"));
    }

    Verdict DecideCompany(RecipientList list, string[] row, string cvr)
    {
        if (!_register.Companies.TryGetValue(cvr, out var company))
        {
            return Verdict.Refused("register.unknown");
        }

        if (!_seen.Add((cvr, list.Value(row, "reference"))))
        {
            return Verdict.Refused("duplicate");
        }

        if (!company.IsActive)
        {
            return Verdict.Refused("recipient.closed");
        }

        var paper = _job.Channel == "paper-only" ? "requested" : company.IsExempt ? "exempt" : null;
        return paper is null ? Verdict.Digital("company")
            : _job.Channel == "digital-only" ? Verdict.Refused("not_digital")
            : AddressRules.Obstacle(company) ?? Verdict.Paper(paper);
    }
}
