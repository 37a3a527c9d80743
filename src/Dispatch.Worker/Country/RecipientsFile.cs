namespace Dispatch.Worker.Country;

/// <summary>
/// recipients.csv of the tax statement: an authority's extract in the order of its own case numbers, which has nothing
/// to do with the register's. It holds the dead, the emigrated and the old numbers too, as such lists do.
/// </summary>
static class RecipientsFile
{
    /// <summary>Children in the list: those with an income of their own.</summary>
    const int ChildPerMillion = 10_000;

    static readonly DateOnly FirstRefundOn = new(2026, 4, 10);
    static readonly DateOnly FirstPaymentOn = new(2026, 7, 1);

    public static ReadOnlySpan<byte> Header =>
        "recipient;reference;loen;pension;am_bidrag;personlig_indkomst;renteindtaegter;renteudgifter;befordring;"u8
        + "fagforening;beskaeftigelsesfradrag;skattepligtig_indkomst;beregnet_skat;betalt_skat;restskat;beloeb;dato"u8;

    public static int Count(Population population)
    {
        var count = 0;
        for (var person = 0; person < population.Count; person++)
        {
            count += IsListed(population, person) ? 1 : 0;
        }

        return count;
    }

    public static void Write(Population population, RowFile file)
    {
        var order = new ListOrder(population.Count, population.Seed);
        for (var place = 0; place < population.Count; place++)
        {
            var person = order.PersonAt(place);
            if (IsListed(population, person))
            {
                // A case belongs to a person: whoever is in the list under an old number too has one case in two rows.
                var current = population.CurrentPerson(person);
                WriteRow(population, file, person, current, current == person ? place : order.PlaceOf(current));
            }
        }

        file.Flush();
    }

    static bool IsListed(Population population, int person) =>
        population.Age(person) >= 15
        || new SplitMix(population.Seed, RandomStream.ListChild, person).Hits(ChildPerMillion);

    static void WriteRow(Population population, RowFile file, int person, int current, int place)
    {
        var random = new SplitMix(population.Seed, RandomStream.TaxStatement, current);
        var statement = TaxStatement.Draw(population.Age(current), ref random);
        file.Cpr(population.Cpr(person));
        file.Text(";26-"u8);
        file.Number((uint)(place + 1), 8);
        WriteAmounts(file, in statement);
        file.Separator();
        file.Flag(statement.Result < 0);
        file.Separator();
        file.Money(Math.Abs(statement.Result));
        file.Separator();
        var first = statement.Result < 0 ? FirstPaymentOn : FirstRefundOn;
        file.Date(first.AddDays(random.Below(5)));
        file.EndRow();
    }

    static void WriteAmounts(RowFile file, in TaxStatement statement)
    {
        ReadOnlySpan<long> amounts =
        [
            statement.Salary, statement.Pension, statement.LabourContribution, statement.PersonalIncome,
            statement.InterestReceived, statement.InterestPaid, statement.Commuting, statement.UnionFee,
            statement.JobDeduction, statement.TaxableIncome, statement.Tax, statement.TaxPaid,
        ];
        foreach (var amount in amounts)
        {
            file.Separator();
            file.Money(amount);
        }
    }
}
