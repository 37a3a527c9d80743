namespace Dispatch.PrintExport.Templates;

/// <summary>What a <see cref="LineMark"/> stands for.</summary>
enum LineMarkKind : byte
{
    /// <summary><c>---</c></summary>
    PageBreak,

    /// <summary><c>***</c></summary>
    ThematicLine,

    /// <summary><c>{{#if …}}</c>, <c>{{else}}</c> or <c>{{/if}}</c></summary>
    Condition,

    /// <summary>What CommonMark also reads as a thematic line or as an underlined heading.</summary>
    Unsupported,
}
