using System.Text;
using Dispatch.Routing.Pipeline;
using Dispatch.Routing.Register;
using FsCheck;
using FsCheck.Fluent;

namespace Dispatch.Routing.Tests.Pipeline;

/// <summary>It decides nothing, so that all it can do wrong is to fail.</summary>
public sealed class RecipientLookaheadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Next_AnyBytesAndAnyNumberOfRows_NeverFails(bool withNames)
    {
        var pieces = Gen.Elements(
            "0202801003", "020280-1003", "3112994999", "9999999999", "99999999990202801003", "12345674",
            "\"0202801003\"", "020280-", ";", "\n", "\r\n", " ", "\"", "å", "\0", "");
        Prop.ForAll(pieces.ListOf().ToArbitrary(), Gen.Choose(0, 3).ToArbitrary(), (parts, column) =>
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(parts));
            var ahead = new RecipientLookahead(Register(withNames), ';', column, withNames);
            ahead.Begin(text);
            for (var row = 0; row < parts.Count + 2; row++)
            {
                ahead.Next();
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Begin_RegisterThatIsEmptyOrHasNoNames_NeverFails()
    {
        var ahead = new RecipientLookahead(
            new RegisterSnapshotBuilder(withNames: false).Build(1, []), ';', recipientColumn: 0, withNames: true);
        ahead.Begin("0202801003;r\n0302801004;r\n"u8.ToArray());
        new RecipientLookahead(Register(withNames: false), ';', recipientColumn: 0, withNames: true)
            .Begin("0202801003;r\n0302801004;r\n"u8.ToArray());
    }

    static RegisterSnapshot Register(bool withNames)
    {
        var active = PersonFacts.Person(1, false, false, false, false, true, false);
        var builder = new RegisterSnapshotBuilder(withNames);
        builder.AddPerson(0202801003, 1, active, 5, 0, "Ida Holm"u8);
        builder.AddPerson(3112994999, 2, active, 5, 0, default);
        return builder.Build(1, []);
    }
}
