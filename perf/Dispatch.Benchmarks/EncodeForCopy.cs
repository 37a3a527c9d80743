using BenchmarkDotNet.Attributes;
using Dispatch.Benchmarks.Work;
using Npgsql;
using NpgsqlTypes;

namespace Dispatch.Benchmarks;

/// <summary>
/// What does it cost to encode a letter for COPY, beside putting its bytes down in one piece, and what to hand it over
/// by Npgsql, encoded by us and by Npgsql's importer? The server of the last two throws away what it gets: client and
/// socket are measured, and no database.
/// </summary>
[MemoryDiagnoser]
public class EncodeForCopy : IDisposable
{
    const string Copy = "copy letters from stdin (format binary)";

    EncodeLetters _work = null!;
    SilentServer _server = null!;
    NpgsqlConnection _connection = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _work = new();
        _server = new SilentServer(EncodeLetters.Fields);
        _connection = new(_server.ConnectionString);
        _connection.Open();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = TaxList.Rows)]
    public int CopyBytes() => _work.Copy();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public int Encode() => _work.Encode();

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public void EncodeAndSend()
    {
        using var stream = _connection.BeginRawBinaryCopy(Copy);
        stream.Write(_work.EncodeWhole().Span);
    }

    [Benchmark(OperationsPerInvoke = TaxList.Rows)]
    public void SendByImporter()
    {
        using var import = _connection.BeginBinaryImport(Copy);
        for (var row = 0; row < TaxList.Rows; row++)
        {
            import.StartRow();
            import.Write(1, NpgsqlDbType.Integer);
            import.Write(2, NpgsqlDbType.Integer);
            import.Write(row, NpgsqlDbType.Integer);
            import.Write(row, NpgsqlDbType.Integer);
            import.Write((short)3, NpgsqlDbType.Smallint);
            import.Write(4, NpgsqlDbType.Integer);
            import.Write(_work.Sealed, NpgsqlDbType.Bytea);
        }

        import.Complete();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _connection.Dispose();
        _server.Dispose();
        _work.Dispose();
        GC.SuppressFinalize(this);
    }
}
