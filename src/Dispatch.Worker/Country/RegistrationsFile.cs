namespace Dispatch.Worker.Country;

/// <summary>registrations.csv: whose digital post from private senders is welcome.</summary>
static class RegistrationsFile
{
    public static ReadOnlySpan<byte> Header => "cpr;sender_cvr"u8;

    public static void Write(Population population, RowFile file)
    {
        for (var person = 0; person < population.Count; person++)
        {
            if (population.Age(person) < 15)
            {
                continue;
            }

            var random = new SplitMix(population.Seed, RandomStream.Registration, person);
            foreach (var sender in PrivateSender.All)
            {
                if (random.Hits(sender.RegisteredPerMillion))
                {
                    file.Cpr(population.Cpr(person));
                    file.Separator();
                    file.Number(sender.Cvr);
                    file.EndRow();
                }
            }
        }

        file.Flush();
    }
}
