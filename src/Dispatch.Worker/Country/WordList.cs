using System.Globalization;

namespace Dispatch.Worker.Country;

/// <summary>
/// Words drawn by weight in one step: each word owns a share of 4,096 slots. Written as words with blanks between them;
/// a number is the weight of the words after it, up to the next number. An underscore is a blank inside a word.
/// </summary>
sealed class WordList
{
    const int Slots = 4_096;

    readonly Word[] _slots = new Word[Slots];

    public WordList(string text)
    {
        var weights = new List<(Word Word, int Weight)>();
        var weight = 10;
        foreach (var part in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (char.IsAsciiDigit(part[0]))
            {
                weight = int.Parse(part, CultureInfo.InvariantCulture);
            }
            else
            {
                weights.Add((new Word(part.Replace('_', ' ')), weight));
            }
        }

        Fill(weights);
    }

    public Word Draw(ref SplitMix random) => _slots[random.Below(Slots)];

    void Fill(List<(Word Word, int Weight)> weights)
    {
        long total = weights.Sum(pair => pair.Weight);
        long before = 0;
        foreach (var (word, weight) in weights)
        {
            var first = before * Slots / total;
            before += weight;
            Array.Fill(_slots, word, (int)first, (int)(before * Slots / total - first));
        }
    }
}
