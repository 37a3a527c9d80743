using System.Text;

namespace Dispatch.Worker.Country;

/// <summary>A word ready to be written: as UTF-8, and folded to the letters an e-mail address takes.</summary>
sealed class Word
{
    public Word(string text)
    {
        Text = Encoding.UTF8.GetBytes(text);
        var folded = text.ToLowerInvariant().Replace("æ", "ae").Replace("ø", "oe").Replace("å", "aa")
            .Normalize(NormalizationForm.FormD).Where(letter => char.IsAsciiLetter(letter) || letter == '-');
        Mail = Encoding.ASCII.GetBytes(string.Concat(folded));
    }

    public byte[] Text { get; }

    public byte[] Mail { get; }
}
