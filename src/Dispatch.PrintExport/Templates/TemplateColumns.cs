using Dispatch.Routing.Rules;

namespace Dispatch.PrintExport.Templates;

/// <summary>Collects which merge fields a letter uses, while it is read.</summary>
sealed class TemplateColumns(TemplateFault fault)
{
    static readonly Dictionary<string, FieldSource> BuiltIns = new(StringComparer.Ordinal)
    {
        ["recipient.name"] = FieldSource.RecipientName,
        ["recipient.address"] = FieldSource.RecipientAddress,
        ["sender.name"] = FieldSource.SenderName,
        ["job.title"] = FieldSource.JobTitle,
        ["letter.date"] = FieldSource.LetterDate,
    };

    readonly List<string> _names = [];
    readonly List<int> _lines = [];
    readonly List<List<FieldFormat>> _formats = [];
    readonly List<bool> _isRequired = [];
    readonly List<FieldReference> _openConditions = [];

    public bool UsesRecipientName { get; private set; }

    public bool UsesRecipientAddress { get; private set; }

    /// <summary>The name is printed outside every condition on itself.</summary>
    public bool RequiresRecipientName { get; private set; }

    /// <summary>Built-in fields the letter uses, with the line of first use.</summary>
    public Dictionary<string, int> UsedBuiltIns { get; } = new(StringComparer.Ordinal);

    /// <summary>Name and line of first use of every column, in that order.</summary>
    public IReadOnlyList<(string Name, int Line)> FirstUses => [.. _names.Zip(_lines)];

    public IReadOnlyList<TemplateColumn> ToList() =>
        [.. _names.Select((name, i) => new TemplateColumn(name, _formats[i], _isRequired[i]))];

    /// <summary>A field in running text: <c>column</c>, <c>column:format</c> or a built-in field.</summary>
    public FieldReference Print(string text, int line)
    {
        var colon = text.LastIndexOf(':');
        var name = colon < 0 ? text : text[..colon].TrimEnd();
        var formatName = colon < 0 ? "text" : text[(colon + 1)..].TrimStart();
        if (FormatOf(formatName) is not { } format)
        {
            throw fault.UnknownFormat(line, name, formatName);
        }

        var reference = Find(name, format, line);
        if (reference.Source != FieldSource.Column)
        {
            RequiresRecipientName |= reference.Source == FieldSource.RecipientName
                && !_openConditions.Exists(open => open.Source == FieldSource.RecipientName);
            var takesDate = reference.Source == FieldSource.LetterDate
                && format is FieldFormat.Date or FieldFormat.DateLong;
            return format == FieldFormat.Text || takesDate ? reference : throw fault.UnknownFormat(
                line, name, formatName);
        }

        if (!_formats[reference.Column].Contains(format))
        {
            _formats[reference.Column].Add(format);
        }

        _isRequired[reference.Column] |= !_openConditions.Exists(open => open.Column == reference.Column);
        return reference;
    }

    /// <summary>Starts the part of the letter that depends on the field.</summary>
    public FieldReference OpenCondition(string name, int line)
    {
        var reference = Find(name, FieldFormat.Text, line);
        _openConditions.Add(reference);
        return reference;
    }

    public void CloseCondition() => _openConditions.RemoveAt(_openConditions.Count - 1);

    FieldReference Find(string name, FieldFormat format, int line)
    {
        if (BuiltIns.TryGetValue(name, out var source))
        {
            UsedBuiltIns.TryAdd(name, line);
            UsesRecipientName |= source == FieldSource.RecipientName;
            UsesRecipientAddress |= source == FieldSource.RecipientAddress;
            return new(source, -1, format);
        }

        // These two columns say who gets the letter and what the sender calls it; they are not part of its text.
        if (name is "recipient" or "reference")
        {
            throw fault.NoMergeField(line, name);
        }

        var column = _names.IndexOf(name);
        if (column < 0)
        {
            column = _names.Count < LetterLimits.FieldsMax
                ? _names.Count
                : throw fault.TooManyFields(line, LetterLimits.FieldsMax);
            _names.Add(name);
            _lines.Add(line);
            _formats.Add([]);
            _isRequired.Add(false);
        }

        return new(FieldSource.Column, column, format);
    }

    static FieldFormat? FormatOf(string name) => name switch
    {
        "text" => FieldFormat.Text,
        "number" => FieldFormat.Number,
        "money" => FieldFormat.Money,
        "date" => FieldFormat.Date,
        "date-long" => FieldFormat.DateLong,
        _ => null,
    };
}
