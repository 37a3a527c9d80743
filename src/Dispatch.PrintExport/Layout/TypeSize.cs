namespace Dispatch.PrintExport.Layout;

/// <summary>Size of the letters and height of the line, in hundredths of a point.</summary>
readonly record struct TypeSize(int Size, int Leading)
{
    public static readonly TypeSize Body = new(1050, 1450);
    public static readonly TypeSize Table = new(950, 1250);
    public static readonly TypeSize Title = new(1600, 2000);
    public static readonly TypeSize Address = new(1000, 1130);
    public static readonly TypeSize Sender = new(1500, 1900);
    public static readonly TypeSize Side = new(850, 1150);
    public static readonly TypeSize Small = new(700, 900);

    /// <summary>From the top of the line to the feet of its letters: capitals (0.7 em) stand in its middle.</summary>
    public int Baseline => (Leading + Size * 7 / 10) / 2;

    public static TypeSize OfHeading(int level) => level switch
    {
        1 => new(1400, 1800),
        2 => new(1200, 1600),
        _ => Body,
    };
}
