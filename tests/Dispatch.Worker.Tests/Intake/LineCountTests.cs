using System.Text;
using Dispatch.Worker.Intake;

namespace Dispatch.Worker.Tests.Intake;

public sealed class LineCountTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 0)]
    [InlineData("a\nb\n", 2)]
    [InlineData("a\rb\r", 2)]
    [InlineData("a\r\nb\r\n", 2)]
    [InlineData("\n\r\r\n\n\r", 5)]
    public void Add_CutAnywhere_CountsTheSameBreaks(string text, int expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var lines = default(LineCount);
            lines.Add(bytes.AsSpan(0, cut));

            Assert.Equal(expected + 1, lines.LineAfter(bytes.AsSpan(cut)));
            lines.Add(bytes.AsSpan(cut));
            Assert.Equal(expected, lines.Breaks);
        }
    }
}
