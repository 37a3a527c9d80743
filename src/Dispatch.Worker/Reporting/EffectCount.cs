using System.Globalization;
using Dispatch.Routing.Rules;

namespace Dispatch.Worker.Reporting;

/// <summary>Rows of one effect and reason, counted in the tables.</summary>
readonly record struct EffectCount(Channel Channel, Reason Reason, long Count)
{
    /// <summary><c>effect.code</c>. A reason this program does not know is shown by its number, not left out.</summary>
    public string Key => $"{Channel.Effect()}.{Code}";

    public string Code => CodeOf(Reason);

    public static string CodeOf(Reason reason) => Enum.IsDefined(reason) && reason != Reason.None
        ? reason.Code()
        : ((short)reason).ToString(CultureInfo.InvariantCulture);
}
