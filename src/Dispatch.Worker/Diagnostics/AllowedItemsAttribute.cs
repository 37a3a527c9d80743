using System.ComponentModel.DataAnnotations;

namespace Dispatch.Worker.Diagnostics;

/// <summary>A list may hold these and nothing else.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class AllowedItemsAttribute(params string[] items) : ValidationAttribute
{
    public IReadOnlyList<string> Items { get; } = items;

    public override bool IsValid(object? value) =>
        value is IEnumerable<string> list && list.All(item => Items.Contains(item, StringComparer.Ordinal));
}
