namespace Dispatch.Routing.Rules;

/// <summary>The format of a merge field, <c>{{column:format}}</c>.</summary>
public enum FieldFormat : byte
{
    Text,
    Number,
    Money,
    Date,
    DateLong,
}
