using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Dispatch.Worker.Commands;

/// <summary>The option <c>--row</c>. What cannot be a row is refused without being told again: a CPR number typed in
/// its place fits an integer when it begins with 0.</summary>
static class RowOption
{
    const int RowNoMax = 100_000_000;   // Limits:RowsMax goes no further

    public static Option<int> One() =>
        Bounded(
            new Option<int>("--row") { Description = "Data row of the list, from 1", HelpName = "N", Required = true });

    public static Option<int[]> Several() => Bounded(new Option<int[]>("--row")
    {
        Description = "Data rows of the list, from 1",
        HelpName = "N",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    });

    static TOption Bounded<TOption>(TOption option)
        where TOption : Option
    {
        option.Validators.Add(Check);
        return option;
    }

    static void Check(OptionResult option)
    {
        if (option.Tokens.Any(token => !int.TryParse(token.Value, CultureInfo.InvariantCulture, out var row)
            || row is < 1 or > RowNoMax))
        {
            option.AddError("--row names no row; expected numbers of data rows, from 1; see held.csv and refused.csv.");
        }
    }
}
