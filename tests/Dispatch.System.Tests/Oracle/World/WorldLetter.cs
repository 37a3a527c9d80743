namespace Dispatch.System.Tests.Oracle.World;

/// <summary>The letter of all world jobs: every format, in and out of conditions.</summary>
static class WorldLetter
{
    public const string Markdown = """
        # {{job.title}}

        Kære {{recipient.name}}

        Mærke: {{marker}}

        Beløb {{amount:money}}, antal {{count:number}}, dato {{day:date}}, den {{longday:date-long}}.

        {{#if extra}}
        Tillæg {{extra:money}}.
        {{else}}
        Intet tillæg.
        {{/if}}

        {{#if extra}}
        {{inside}}
        {{/if}}

        {{note}}

        Venlig hilsen

        **{{sender.name}}**, {{letter.date}}
        """;

    /// <summary>Column 'unused' is in the lists and not in the letter; 'extra' may be empty, 'inside' may
    /// not.</summary>
    public static IReadOnlyList<LetterField> Fields { get; } =
    [
        new("marker", "text", true), new("amount", "money", true), new("count", "number", true),
        new("day", "date", true), new("longday", "date-long", true), new("extra", "money", false),
        new("inside", "text", true), new("note", "text", true),
    ];
}
