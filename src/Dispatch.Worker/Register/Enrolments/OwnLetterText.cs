namespace Dispatch.Worker.Register.Enrolments;

/// <summary>What the operator's own letters say. A job that was submitted keeps the text it had.</summary>
/// <param name="Channel">Of the job: who was not enrolled a moment ago, or is no longer, gets paper.</param>
sealed record OwnLetterText(string Title, string Channel, string Markdown)
{
    /// <summary>Columns of the job's list.</summary>
    public string Header { get; init; } = "recipient";

    public static OwnLetterText Of(string kind) => kind switch
    {
        "exemption-receipt" => ExemptionReceipt,
        "exemption-lifted" => ExemptionLifted,
        "welcome" => Welcome,
        "print-out" => PrintOut,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    static OwnLetterText ExemptionReceipt { get; } = new(
        "Kvittering for fritagelse fra Digital Post", "paper-only",
        """
        # {{job.title}}

        Kære {{recipient.name}}

        Du er fritaget for Digital Post. Fra nu af får du brevene fra det offentlige på papir, sendt til din adresse.

        Fritagelsen gælder, til du selv vælger at få Digital Post igen. Den udløber ikke. Du kan ophæve den når som helst.

        Lønsedler fra staten og beskeder om ansøgninger om SU kommer fortsat digitalt.

        Den post, du allerede har fået i Digital Post, ligger der stadig.

        Venlig hilsen

        {{sender.name}}
        """);

    static OwnLetterText ExemptionLifted { get; } = new(
        "Du får igen Digital Post", "auto",
        """
        # {{job.title}}

        Kære {{recipient.name}}

        Din fritagelse for Digital Post er ophævet. Fra nu af får du brevene fra det offentlige digitalt.

        Bekræft, at vi har din rigtige e-mailadresse og dit rigtige telefonnummer, så du får besked, når der er ny post.
        Det gør du under indstillinger i Digital Post.

        Venlig hilsen

        {{sender.name}}
        """);

    static OwnLetterText Welcome { get; } = new(
        "Velkommen til Digital Post", "paper-only",
        """
        # {{job.title}}

        Kære {{recipient.name}}

        Du er nu tilmeldt Digital Post. Alle, der er fyldt 15 år og har fast adresse i Danmark, får brevene fra det
        offentlige i deres digitale postkasse.

        - Dine breve bliver gemt, og kun du og afsenderen kan læse dem.
        - Du kan få besked på e-mail eller sms, når der er ny post.
        - Du kan give andre læseadgang, for eksempel en pårørende. Ansvaret for posten er stadig dit.
        - Post fra private virksomheder får du kun, hvis du selv siger ja til afsenderen.

        Et brev er kommet frem, når det ligger i din postkasse, også selv om du ikke har læst det.

        Kan du ikke få post digitalt, kan du blive fritaget. Så får du brevene på papir. Du skal ikke sige hvorfor.

        Venlig hilsen

        {{sender.name}}
        """);

    static OwnLetterText PrintOut { get; } = new(
        "Din post fra Digital Post på papir", "paper-only",
        """
        # {{job.title}}

        Kære {{recipient.name}}

        Du er fritaget for Digital Post og har bedt om at få den post, du havde fået, på papir.

        {{#if letters}}
        Antal breve, vi sender dig: {{letters:number}}. Hvert brev kommer for sig, det ældste først, som det så ud, da
        du fik det.
        {{else}}
        Der var ingen breve i din postkasse, som vi kan sende dig.
        {{/if}}

        {{#if lost}}
        Antal breve, som ikke længere kan læses af nogen: {{lost:number}}. Spørg afsenderen, hvis du mangler et brev.
        {{/if}}

        Venlig hilsen

        {{sender.name}}
        """)
    {
        Header = "recipient;letters;lost",
    };
}
