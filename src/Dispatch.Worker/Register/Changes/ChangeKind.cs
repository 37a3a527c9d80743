using System.Text.Json;

namespace Dispatch.Worker.Register.Changes;

/// <summary>What changes of one file are about: its columns are those of the register folder, and two before them.
/// </summary>
abstract class ChangeKind
{
    const string OpName = "op";
    const string EffectiveAtName = "effective_at";

    readonly IReadOnlyList<string> _columns;

    protected ChangeKind(string name, string fileName, IReadOnlyList<string> columns, string keyColumns)
    {
        // Behind the others here, so that the numbers of those are the same in both folders; a file is read by name.
        _columns = [.. columns, OpName, EffectiveAtName];
        (Name, FileName, KeyColumns) = (name, fileName, keyColumns);
    }

    /// <summary>In the order of application.</summary>
    public static IReadOnlyList<ChangeKind> All { get; } =
        [new PersonChange(), new CompanyChange(), new ReadAccessChange(), new RegistrationChange()];

    /// <summary>As the database has it.</summary>
    public string Name { get; }

    public string FileName { get; }

    /// <summary>For messages.</summary>
    public string KeyColumns { get; }

    public IReadOnlyList<string> Columns => _columns;

    /// <summary>The columns that <see cref="WriteContent"/> stages beside the content.</summary>
    public virtual IReadOnlyList<string> StagedColumns => [];

    public bool ReadIsRemoval(RegisterFile file)
    {
        var text = file[_columns.Count - 2];
        var isRemoval = text.SequenceEqual("remove"u8);
        return isRemoval || text.SequenceEqual("put"u8)
            ? isRemoval
            : throw file.ValueFault(_columns.Count - 2, "put or remove");
    }

    /// <returns>UTC.</returns>
    public DateTime ReadEffectiveAt(RegisterFile file) => file.ReadInstant(_columns.Count - 1);

    public abstract ChangeKey ReadKey(RegisterFile file, bool isRemoval);

    /// <summary>Checks every value of the record, and writes those that are put as properties named like the columns of
    /// the table.</summary>
    /// <param name="row">Takes the values of <see cref="StagedColumns"/> too, in their order.</param>
    public abstract void WriteContent(RegisterFile file, Utf8JsonWriter json, CopyRows row);
}
