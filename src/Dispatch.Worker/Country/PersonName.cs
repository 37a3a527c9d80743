namespace Dispatch.Worker.Country;

/// <param name="Middle">May be missing.</param>
/// <param name="Second">Second half of a hyphenated surname; may be missing.</param>
readonly record struct PersonName(Word Given, Word? Middle, Word Surname, Word? Second)
{
    /// <param name="family">The household's surname; one adult in three kept another.</param>
    public static PersonName Draw(Population population, int person, Word family, ref SplitMix random)
    {
        var given = GivenNames.Draw(population.IsMale(person), population.Age(person), ref random);
        var middle = random.Below(100) switch
        {
            < 20 => GivenNames.Draw(population.IsMale(person), population.Age(person), ref random),
            < 45 => Surnames.DrawMiddle(ref random),
            _ => null,
        };
        var isOwn = population.RoleOf(person) == Role.Partner && random.Hits(350_000);
        var surname = isOwn ? Surnames.Draw(ref random) : family;
        var second = random.Hits(15_000) ? Surnames.Draw(ref random) : null;
        return new PersonName(given, middle, surname, second);
    }

    public void Write(RowFile file)
    {
        file.Text(Given.Text);
        file.Byte((byte)' ');
        if (Middle is not null && Differ(Middle, Given) && Differ(Middle, Surname))
        {
            file.Text(Middle.Text);
            file.Byte((byte)' ');
        }

        file.Text(Surname.Text);
        if (Second is not null && Differ(Second, Surname))
        {
            file.Byte((byte)'-');
            file.Text(Second.Text);
        }
    }

    static bool Differ(Word first, Word second) => !first.Text.AsSpan().SequenceEqual(second.Text);
}
