namespace Dispatch.Worker.Country;

/// <summary>
/// The amounts of one tax statement, in hundredths of a krone. They add up, and are of about the right size; the rules
/// are far simpler than the law's.
/// </summary>
readonly record struct TaxStatement(
    long Salary, long Pension, long LabourContribution, long PersonalIncome, long InterestReceived, long InterestPaid,
    long Commuting, long UnionFee, long JobDeduction, long TaxableIncome, long Tax, long TaxPaid)
{
    const long Krone = 100;
    const long PersonalAllowance = 51_600 * Krone;
    const long JobDeductionMax = 55_600 * Krone;

    /// <summary>Above 0: too much was paid, and comes back. Below: something is still owed.</summary>
    public long Result => TaxPaid - Tax;

    public static TaxStatement Draw(int age, ref SplitMix random)
    {
        var salary = DrawSalary(age, ref random);
        var pension = DrawPension(age, salary, ref random);
        var labourContribution = -salary * 8 / 100;
        var personal = salary + labourContribution + pension;
        var received = random.Hits(700_000) ? random.Below(400_000) : 0L;
        var paid = age is > 24 and < 80 && random.Hits(600_000) ? -(long)random.Below(6_000_000) : 0;
        var commuting = salary > 0 && random.Hits(300_000) ? -(long)random.Below(2_000_000) : 0;
        var union = salary > 0 && random.Hits(620_000) ? -(long)random.Between(200_000, 700_000) : 0;
        var job = -Math.Min(salary * 123 / 1_000, JobDeductionMax);
        var taxable = Math.Max(personal + received + paid + commuting + union + job, 0);
        var tax = Math.Max(taxable - PersonalAllowance, 0) * 2_505 / 10_000
            + Math.Max(personal - PersonalAllowance, 0) * 1_201 / 10_000;
        var taxPaid = tax * random.Between(955, 1_060) / 1_000 + (tax > 0 ? random.Below(100_000) : 0);
        return new TaxStatement(
            salary, pension, labourContribution, personal, received, paid, commuting, union, job, taxable, tax,
            taxPaid);
    }

    static long DrawSalary(int age, ref SplitMix random)
    {
        var roll = random.Below(100);
        return age switch
        {
            < 18 => roll < 50 ? random.Between(200_000, 6_000_000) : 0,
            < 25 => roll < 85 ? random.Between(2_000_000, 30_000_000) : 0,
            < 67 => roll < 82 ? random.Between(18_000_000, 48_000_000) + random.Below(1 + random.Below(60_000_000)) : 0,
            < 80 => roll < 14 ? random.Between(1_000_000, 30_000_000) : 0,
            _ => 0,
        };
    }

    static long DrawPension(int age, long salary, ref SplitMix random) => age switch
    {
        < 18 => 0,
        < 67 => salary == 0 ? random.Between(8_000_000, 20_000_000) : 0,
        _ => random.Between(16_000_000, 24_000_000) + random.Below(1 + random.Below(24_000_000)),
    };
}
