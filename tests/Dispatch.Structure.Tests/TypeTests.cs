using System.Reflection;
using System.Runtime.CompilerServices;
using Dispatch.PrintExport.Layout;
using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;

namespace Dispatch.Structure.Tests;

/// <summary>Shape and names of types.</summary>
public sealed class TypeTests
{
    static readonly string[] EmptyWords = ["Manager", "Helper", "Service", "Base", "Common", "Utils", "Util"];

    static readonly Type[] All =
    [
        .. new[] { typeof(DispatchException), typeof(EnvelopeProfile), typeof(DispatchSettings) }
            .SelectMany(t => t.Assembly.GetTypes())
            .Where(t => t.Namespace?.StartsWith("Dispatch.", StringComparison.Ordinal) == true)
            .Where(t => !t.Name.Contains('<', StringComparison.Ordinal)
                && t.GetCustomAttribute<CompilerGeneratedAttribute>() is null),
    ];

    [Fact]
    public void Classes_WithoutDescendants_AreSealed()
    {
        Assert.True(All.Length > 50);
        var open = All.Where(t => t.IsClass && !t.IsSealed && !All.Any(d => d.BaseType == t));

        Repository.ExpectNone(open.Select(t => t.FullName!));
    }

    [Fact]
    public void Names_Types_SayWhatTheyAre() =>
        Repository.ExpectNone(
            All.Where(t => EmptyWords.Any(w => t.Name.EndsWith(w, StringComparison.Ordinal))).Select(t => t.FullName!));

    [Fact]
    public void Namespaces_Sources_AreTheirFolders()
    {
        var faults = Repository.Find("src", "*.cs")
            .Where(f => Path.GetFileName(f) != "Program.cs")
            .Where(f => !Repository.Text(f).Contains(
                $"namespace {Path.GetDirectoryName(f)!["src/".Length..].Replace('/', '.')};",
                StringComparison.Ordinal));

        Repository.ExpectNone(faults);
    }
}
