using System.Globalization;
using Dispatch.Routing;

namespace Dispatch.Worker.Register;

/// <summary>
/// A file is refused for its first fault. Whoever has to correct it wants to know of the others too: the rest of it is
/// read for them, and the first lines are named beside that fault.
/// </summary>
static class FurtherFaults
{
    const int LinesMax = 20;

    // Behind a quote out of place nobody knows where the next record begins.
    const string Malformed = "register.csv";

    /// <param name="file">At the record of the first fault.</param>
    /// <param name="check">Throws when the record that was read has a fault.</param>
    /// <returns>The first fault, with the lines of the others.</returns>
    public static DispatchException After(DispatchException first, RegisterFile file, Action check, CancellationToken ct)
    {
        var lines = new List<long>();
        var count = 0;
        var fault = first;
        while (fault?.Code != Malformed && Next(file, check, out fault))
        {
            ct.ThrowIfCancellationRequested();
            if (fault is not null && ++count <= LinesMax)
            {
                lines.Add(file.Line);
            }
        }

        return count == 0 ? first : first.With(
            string.Create(
                CultureInfo.InvariantCulture, $"{count} more of its lines have a fault: {string.Join(", ", lines)}")
            + (count > lines.Count ? " and others" : ""));
    }

    static bool Next(RegisterFile file, Action check, out DispatchException? fault)
    {
        fault = null;
        try
        {
            if (!file.Read())
            {
                return false;
            }

            check();
        }
        catch (DispatchException found)
        {
            fault = found;
        }

        return true;
    }
}
