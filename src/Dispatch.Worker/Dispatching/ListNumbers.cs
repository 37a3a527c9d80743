using Dispatch.Routing.Identity;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Dispatching;

/// <summary>The numbers a short list names, so that its people are looked up instead of loading the whole register.
/// </summary>
sealed class ListNumbers
{
    /// <summary>A list of fewer rows than this share of the register is looked up.</summary>
    public const double RegisterShareMax = 0.01;

    public HashSet<uint> Cprs { get; } = [];

    public HashSet<uint> Cvrs { get; } = [];

    public static ListNumbers Read(ListSource list, IEnumerable<JobChunk> chunks, char separator, int recipientColumn)
    {
        var numbers = new ListNumbers();
        foreach (var chunk in chunks)
        {
            using var text = list.Open(chunk);
            using var reader = text.Read(separator);
            while (reader.Read())
            {
                if (reader.FieldCount > recipientColumn)
                {
                    numbers.Add(reader.GetSpan(recipientColumn).Trim((byte)' '));
                }
            }
        }

        return numbers;
    }

    void Add(ReadOnlySpan<byte> recipient)
    {
        if (CvrNumber.HasForm(recipient))
        {
            if (CvrNumber.Parse(recipient, out var cvr) == Reason.None)
            {
                Cvrs.Add(cvr.Value);
            }
        }
        else if (CprNumber.Parse(recipient, int.MaxValue, out var cpr) == Reason.None)
        {
            Cprs.Add(cpr.Value);
        }
    }
}
