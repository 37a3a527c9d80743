using Dispatch.PrintExport.Layout;
using Dispatch.PrintExport.Templates;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Rules;
using Dispatch.Worker.Database.Jobs;

namespace Dispatch.Worker.Dispatching;

/// <summary>What routing needs to know of a job, the same for every row.</summary>
/// <param name="Layout">The letter laid out for the job: tells what cannot be composed.</param>
/// <param name="PrintsAddress">The letter prints the address, so that digital letters need it too.</param>
/// <param name="RequiresName">The letter prints the name outside a condition on it: it must not be empty.</param>
sealed record JobRouting(
    ListColumns Columns, RoutingPolicy Policy, LetterLayout Layout, char Separator, PaperOrder Paper,
    DateOnly ReleaseDate, bool PrintsAddress, bool RequiresName)
{
    public static JobRouting Of(
        JobOrder order, IReadOnlyList<string> columns, LetterLayout layout, DateOnly releaseDate)
    {
        var template = layout.Template;
        var policy = new RoutingPolicy(
            !order.Sender.IsPrivate,
            !order.Sender.IsPrivate && RoutingPolicy.IsUncoveredType(order.MessageType),
            order.Channel switch
            {
                JobChannel.DigitalOnly => ChannelWish.DigitalOnly,
                JobChannel.PaperOnly => ChannelWish.PaperOnly,
                _ => ChannelWish.Auto,
            },
            order.RefusesUnregistered);
        var prints = template.UsesRecipientName || template.UsesRecipientAddress;
        return new(
            new ListColumns(
                columns.Count, IndexOf(columns, "recipient"), IndexOf(columns, "reference"),
                [.. template.Columns.Select((column, i) => ColumnOf(columns, column, layout.PlainColumnBytesMax(i)))], prints),
            policy, layout, order.Recipients.Separator, order.Paper, releaseDate, template.UsesRecipientAddress,
            template.RequiresRecipientName);
    }

    /// <summary>The sender whose registrations count: a private one.</summary>
    public static int? PrivateSenderOf(JobOrder order) => order.Sender.IsPrivate
        ? int.Parse(order.Sender.Cvr, System.Globalization.CultureInfo.InvariantCulture)
        : null;

    static LetterColumn ColumnOf(IReadOnlyList<string> columns, TemplateColumn column, int plainBytesMax) => new(
        IndexOf(columns, column.Name), column.Name, [.. column.Formats.Where(format => format != FieldFormat.Text)],
        column.IsRequired, plainBytesMax);

    static int IndexOf(IReadOnlyList<string> columns, string name)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
