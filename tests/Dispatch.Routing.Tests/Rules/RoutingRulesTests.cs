using Dispatch.Routing.Register;
using Dispatch.Routing.Rules;

namespace Dispatch.Routing.Tests.Rules;

public sealed class RoutingRulesTests
{
    static readonly RoutingPolicy Public = new(true, false, ChannelWish.Auto, false);
    static readonly RoutingPolicy Su = Public with { IsOutsideExemption = true };
    static readonly RoutingPolicy Private = new(false, false, ChannelWish.Auto, false);

    [Theory]
    [InlineData(1, Reason.Enrolled)]
    [InlineData(3, Reason.NoFixedAddress)]
    [InlineData(7, Reason.NoFixedAddress)]
    [InlineData(20, Reason.NoFixedAddress)]
    [InlineData(5, Reason.Abroad)]
    [InlineData(80, Reason.Abroad)]
    [InlineData(90, Reason.RecipientDeceased)]
    [InlineData(70, Reason.RecipientDisappeared)]
    public void Decide_Status_GivesItsReason(int status, Reason expected) =>
        Assert.Equal(expected, RoutingRules.Decide(new(Person(status), 40, false, Public)));

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(80)]
    public void Decide_VoluntaryWithoutDanishAddress_IsDigital(int status) =>
        Assert.Equal(Reason.Voluntary, RoutingRules.Decide(new(Person(status, isVoluntary: true), 40, false, Public)));

    [Fact]
    public void Decide_StudentGrant_ReachesTheExemptDigitally()
    {
        Assert.Equal(Reason.ExemptionNotApplicable, RoutingRules.Decide(new(Person(1, isExempt: true), 40, false, Su)));
        Assert.Equal(Reason.ExemptionNotApplicable, RoutingRules.Decide(new(Person(80), 40, false, Su)));
        Assert.Equal(Reason.Enrolled, RoutingRules.Decide(new(Person(1), 40, false, Su)));
        Assert.Equal(Reason.Under15, RoutingRules.Decide(new(Person(1), 14, false, Su)));
    }

    [Fact]
    public void Decide_PrivateSender_ReachesOnlyTheRegistered()
    {
        Assert.Equal(Reason.NotRegistered, RoutingRules.Decide(new(Person(1), 40, false, Private)));
        Assert.Equal(Reason.Enrolled, RoutingRules.Decide(new(Person(1), 40, true, Private)));
        Assert.Equal(
            Reason.RefusedNotRegistered,
            RoutingRules.Decide(new(Person(1), 40, false, Private with { IsUnregisteredRefused = true })));
    }

    [Fact]
    public void Decide_DigitalOnly_RefusesWhatWouldBePaper() => Assert.Equal(
        Reason.NotDigital,
        RoutingRules.Decide(new(Person(1), 14, false, Public with { Wish = ChannelWish.DigitalOnly })));

    [Fact]
    public void CheckAddress_ProtectedWithoutFixedAbode_IsUnsafeWhateverLinesThereAre()
    {
        var person = PersonFacts.Person(3, true, false, false, hasContact: true, hasStreet: true, false);

        Assert.Equal(Reason.AddressUnsafe, RoutingRules.CheckAddress(person));
    }

    [Theory]
    [InlineData(1, false, true, Reason.None)]
    [InlineData(1, true, false, Reason.None)]
    [InlineData(1, false, false, Reason.AddressMissing)]
    [InlineData(5, false, true, Reason.None)]
    [InlineData(80, false, true, Reason.AddressMissing)]
    [InlineData(80, true, false, Reason.None)]
    [InlineData(3, false, true, Reason.AddressMissing)]
    [InlineData(20, false, true, Reason.AddressMissing)]
    public void CheckAddress_StreetOrContact_ByStatus(int status, bool hasContact, bool hasStreet, Reason expected) =>
        Assert.Equal(
            expected,
            RoutingRules.CheckAddress(PersonFacts.Person(status, false, false, false, hasContact, hasStreet, false)));

    [Fact]
    public void Decide_Company_FollowsItsOwnRules()
    {
        Assert.Equal(
            Reason.Company,
            RoutingRules.Decide(new(PersonFacts.Company(false, false, true, false), 0, false, Private)));
        Assert.Equal(
            Reason.RecipientClosed,
            RoutingRules.Decide(new(PersonFacts.Company(true, false, true, false), 0, false, Su)));
        Assert.Equal(
            Reason.Exempt, RoutingRules.Decide(new(PersonFacts.Company(false, true, true, false), 0, false, Su)));
    }

    static PersonFacts Person(int status, bool isExempt = false, bool isVoluntary = false) =>
        PersonFacts.Person(status, false, isExempt, isVoluntary, false, true, false);
}
