using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Dispatch.LoadRun.Engines;

/// <summary>The tables of <see cref="EntityFrameworkSend"/>.</summary>
sealed class PeerContext : DbContext
{
    readonly string _connectionString;

    public PeerContext(string connectionString)
    {
        _connectionString = connectionString;
        ChangeTracker.AutoDetectChangesEnabled = false;
    }

    public DbSet<PeerPerson> People => Set<PeerPerson>();

    public DbSet<PeerLetter> Letters => Set<PeerLetter>();

    public DbSet<PeerPiece> Pieces => Set<PeerPiece>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.UseNpgsql(_connectionString);

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<PeerPerson>().HasKey(person => person.Cpr);
}

/// <summary>A digital letter.</summary>
[Table("letters", Schema = "peer")]
sealed class PeerLetter
{
    [Key, Column("row_no"), DatabaseGenerated(DatabaseGeneratedOption.None)]
    public int RowNo { get; init; }

    [Column("person_id")]
    public int PersonId { get; init; }

    [Column("available_at")]
    public DateTime AvailableAt { get; init; }

    [Column("letter_values")]
    public required string Values { get; init; }
}

/// <summary>A row that is not digital.</summary>
[Table("pieces", Schema = "peer")]
sealed class PeerPiece
{
    [Key, Column("row_no"), DatabaseGenerated(DatabaseGeneratedOption.None)]
    public int RowNo { get; init; }

    [Column("person_id")]
    public int? PersonId { get; init; }

    [Column("channel")]
    public required string Channel { get; init; }

    [Column("postcode")]
    public string? Postcode { get; init; }

    [Column("letter_values")]
    public required string Values { get; init; }
}
