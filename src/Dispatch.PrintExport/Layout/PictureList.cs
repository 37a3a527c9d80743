using Dispatch.PrintExport.Templates;

namespace Dispatch.PrintExport.Layout;

/// <summary>The pictures a letter draws, each once, in the order of first use.</summary>
sealed class PictureList
{
    readonly List<LetterPicture> _pictures = [];

    public IReadOnlyList<LetterPicture> Pictures => _pictures;

    public int IndexOf(LetterPicture picture)
    {
        var index = _pictures.IndexOf(picture);
        if (index < 0)
        {
            index = _pictures.Count;
            _pictures.Add(picture);
        }

        return index;
    }
}
