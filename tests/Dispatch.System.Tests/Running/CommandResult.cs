using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dispatch.System.Tests.Running;

/// <summary>What a program left behind when it ended.</summary>
sealed partial record CommandResult(string Command, int ExitCode, string Output, string Error, TimeSpan Elapsed)
{
    /// <summary>The one JSON document on standard output; anything beside it is a fault.</summary>
    public JsonElement Json
    {
        get
        {
            try
            {
                return JsonDocument.Parse(Output).RootElement;
            }
            catch (JsonException e)
            {
                throw new InvalidOperationException(
                    $"'{Command}' gave no single JSON document ({e.Message}): {this}", e);
            }
        }
    }

    /// <summary>CODE of the line <c>dispatch: CODE: …</c>; null when there is no such line.</summary>
    public string? ErrorCode => ErrorLine().Match(Error) is { Success: true } match ? match.Groups[1].Value : null;

    public CommandResult Expect(params int[] exitCodes)
    {
        Assert.True(exitCodes.Contains(ExitCode), $"Expected exit {string.Join(" or ", exitCodes)}. {this}");
        return this;
    }

    /// <summary>Refused with one line of the documented form.</summary>
    public CommandResult ExpectError(int exitCode, string? code = null)
    {
        Expect(exitCode);
        Assert.True(ErrorLine().Count(Error) == 1, $"Expected one error line. {this}");
        Assert.True(code is null || code == ErrorCode, $"Expected error {code}. {this}");
        return this;
    }

    public override string ToString() => $"'{Command}' ended with {ExitCode} after {Elapsed}.\n{Output}\n{Error}";

    [GeneratedRegex(@"^dispatch: ([a-z0-9_]+(?:\.[a-z0-9_]+)*): \S.*$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
