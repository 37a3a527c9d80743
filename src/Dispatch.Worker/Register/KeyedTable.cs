using Dispatch.Routing.Register;

namespace Dispatch.Worker.Register;

/// <summary>A file of the register whose rows have a number as their key and keep a person_id across imports.</summary>
abstract class KeyedTable
{
    public static KeyedTable People { get; } = new PeopleTable();

    public static KeyedTable Companies { get; } = new CompaniesTable();

    public abstract string FileName { get; }

    public abstract IReadOnlyList<string> Columns { get; }

    public abstract string KeyColumn { get; }

    /// <summary>COPY of all columns into the table, which was emptied in the same transaction.</summary>
    public abstract string CopySql { get; }

    /// <summary>COPY of number and person_id out of the table, by number.</summary>
    public abstract string KnownIdsSql { get; }

    /// <summary>Checks every value of the record and gives its key.</summary>
    public abstract uint Check(RegisterFile file);

    public abstract uint ReadKey(RegisterFile file);

    /// <param name="image">Takes what routing needs of the row; null = nobody wants it.</param>
    public abstract void WriteRow(
        RegisterFile file, int personId, CopyRows rows, RegisterSnapshotBuilder? image);

    /// <summary>What stays of a row that is no longer in the register: its number and its id.</summary>
    public abstract void WriteRemovedRow(uint key, int personId, CopyRows rows);
}
