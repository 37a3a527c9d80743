using System.ComponentModel.DataAnnotations.Schema;

namespace Dispatch.LoadRun.Engines;

/// <summary>What the peers know of a person, and their shorter set of rules: the one of
/// <c>Peers/set_based.sql</c>.</summary>
[Table("people", Schema = "register")]
sealed class PeerPerson
{
    /// <summary>Days from 1900-01-01 to the day before which whoever was born is 15.</summary>
    static readonly int AdultUntil =
        DateOnly.FromDateTime(DateTime.UtcNow).DayNumber - new DateOnly(1900, 1, 1).DayNumber - 15 * 365;

    [Column("cpr")]
    public long Cpr { get; init; }

    [Column("person_id")]
    public int PersonId { get; init; }

    [Column("status")]
    public short Status { get; init; }

    [Column("birth_day")]
    public int BirthDay { get; init; }

    [Column("exempt")]
    public bool Exempt { get; init; }

    [Column("voluntary")]
    public bool Voluntary { get; init; }

    [Column("removed")]
    public bool Removed { get; init; }

    [Column("street")]
    public string? Street { get; init; }

    [Column("postcode")]
    public string? Postcode { get; init; }

    /// <summary>digital, paper, held or refused.</summary>
    public static string ChannelOf(PeerPerson? person) => person switch
    {
        null or { Removed: true } or { Status: 30 or 90 } => "refused",
        { Status: 70 } => "held",
        { Exempt: true } or { Status: 80 } or { Street: null or "" } => "paper",
        { Voluntary: false } when person.BirthDay > AdultUntil => "paper",
        _ => "digital",
    };
}
