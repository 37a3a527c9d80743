namespace Dispatch.Worker.Country;

/// <summary>
/// Common Danish given names by generation; they are put together at random, so nobody in particular is meant.
/// </summary>
static class GivenNames
{
    static readonly WordList[] Men =
    [
        new("""
            12 Noah Oscar William Carl Malthe Emil Valdemar Lucas Alfred Aksel August Oliver Viggo Arthur Magnus Elias
            Victor Anton Nohr Felix Otto Theo Liam Johan Konrad Storm Marius Villads Hugo Asger Frederik
            5 Loui Bertram Sigurd Albert Walter Ellis Gustav Thor Milas Mads Vilfred Kalle Birk Bjørn Jens Adam Søren
            Mohammad Ibrahim Bror Pelle Sylvester Åge Mikkel Philip Sebastian
            """),
        new("""
            14 Mathias Frederik Mikkel Christian Kasper Simon Nicolai Emil Rasmus Jonas Magnus Andreas Anders Mads Jakob
            Daniel Alexander Kristian Sebastian Oliver Victor Lasse Nikolaj Morten Patrick Jeppe Martin Tobias
            5 Oskar Benjamin Malte Ali Mohamed Ahmed Jesper Søren Troels Rune Bjarke Esben
            Asbjørn Jens-Emil Casper Marcus Adam Niels Philip Kevin Stefan Bo Øyvind
            """),
        new("""
            15 Michael Thomas Martin Henrik Lars Jesper Morten Søren Jan Peter Brian Kim Allan Torben Anders Claus
            Carsten Kenneth Ole Per Flemming Bo Steen Jørgen Niels Jens Rasmus Christian Mads
            5 Hassan Ibrahim Mehmet Johnny Dennis Finn Karsten Ulrik Jakob Kristian Frank Tommy René Jacob
            Gert Anker Åge Frode Jens-Ole Hans-Henrik Mogens Nikolaj Troels Bjørn
            """),
        new("""
            15 Jens Jørgen Poul Hans Niels Erik Knud Svend Kaj Ole Peter Børge Aage Kurt Preben
            Bent Karl Leif Finn Ejner Arne Henning Verner Helge Egon Viggo Gunnar
            5 Åge Søren Ejvind Thorkild Villy Palle Mogens Otto Christian Harald
            Holger Carl-Erik Hans-Jørgen Poul-Erik Bjarne Frede Ib Oluf Anker Asger
            """),
    ];

    static readonly WordList[] Women =
    [
        new("""
            12 Ida Alma Ella Freja Olivia Agnes Luna Nora Asta Anna Sofia Karla Emma Josefine Lily Clara Alberte Lærke
            Ellie Aya Isabella Frida Mathilde Laura Vilma Saga Liva Ellen Hannah Astrid
            5 Viola Leonora Victoria Merle Esther Sofie Maja Marie Nanna Filippa Andrea Gry
            Naja Fatima Maryam Ingrid Åse Bjørk Anna-Sofie Rosa Silje Solveig
            """),
        new("""
            14 Emma Sofie Julie Mathilde Cecilie Caroline Laura Ida Maria Sara Anna Amalie Camilla Katrine Josefine Line
            Signe Mette Louise Nanna Freja Emilie Christina Stine Rikke Maja Astrid Nikoline
            5 Lærke Frederikke Anne Amina Fatima Aisha Malene Trine Ditte Sidsel Kirstine
            Anne-Sofie Marie-Louise Sille Clara Tine Pernille Karoline Zeynep Bolette
            """),
        new("""
            15 Mette Anne Hanne Pia Lene Susanne Tina Charlotte Lone Helle Camilla Gitte Bente Heidi Maria Marianne
            Birgitte Rikke Dorte Annette Louise Karen Inge Jette Trine Maiken Karina Malene Tine
            5 Fatma Ayse Anne-Marie Anne-Mette Ulla Vibeke Merete Åse Sanne Kirsten
            Lise Betina Jannie Majbritt Bodil Lisbeth Ellen Gunhild Rosa Sørine
            """),
        new("""
            15 Kirsten Inger Karen Birthe Else Grethe Ruth Anna Lis Elly Gerda Aase Bodil Edith Ellen Ingrid Jytte
            Lilly Kirstine Marie Tove Vera Rita Ketty Esther Gudrun Ulla Karla
            5 Åse Ragnhild Ebba Agnes Anne-Lise Anne-Grethe Inge-Lise Elna Johanne Magda
            Nanna Signe Valborg Herdis Bente Rigmor Asta Hedvig Margrethe Sørine
            """),
    ];

    public static Word Draw(bool isMale, int age, ref SplitMix random)
    {
        var generation = age switch { < 18 => 0, < 42 => 1, < 70 => 2, _ => 3 };
        return (isMale ? Men : Women)[generation].Draw(ref random);
    }
}
