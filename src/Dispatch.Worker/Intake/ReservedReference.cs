using System.Text.RegularExpressions;
using Dispatch.Routing;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Intake;

/// <summary>References of the jobs that the operator of Digital Post's own letters become. A job of somebody's with one
/// would take its place, and nobody would get the letter.</summary>
static partial class ReservedReference
{
    /// <exception cref="DispatchException"><c>reference.reserved</c>, exit 65.</exception>
    public static void Refuse(JobOrder order, IntakeSetting setting)
    {
        if (order.Sender.Cvr == setting.ReservedFor && OwnLetters().IsMatch(order.Reference))
        {
            throw new DispatchException(
                "reference.reserved",
                "job.json $.reference is of the form that own letters of this sender (OwnSender:Cvr) have, expected "
                + "another; give the job a reference of its own");
        }
    }

    [GeneratedRegex(
        @"^((exemption-receipt|exemption-lifted|welcome|print-out)-[0-9]+-[0-9]{2}-[0-9]{2}|print-out-letters-[0-9]+)-[0-9]+\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex OwnLetters();
}
