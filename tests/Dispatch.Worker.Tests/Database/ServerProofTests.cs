using Dispatch.Worker.Database;
using Npgsql;

namespace Dispatch.Worker.Tests.Database;

public sealed class ServerProofTests
{
    [Theory]
    [InlineData("Host=/var/run/postgresql", false)]
    [InlineData("Host=localhost;Port=5433", false)]
    [InlineData("Host=127.0.0.1", false)]
    [InlineData("Host=db.example", true)]
    [InlineData("Host=db.example;SSL Mode=Require", true)]
    [InlineData("Host=db.example;SSL Mode=VerifyCA", true)]
    [InlineData("Host=db.example;SSL Mode=VerifyFull", false)]
    [InlineData("Host=localhost,db.example", true)]
    public void IsMissing_OtherMachineWithoutProof_IsTold(string connectionString, bool expected) =>
        Assert.Equal(expected, ServerProof.IsMissing(new NpgsqlConnectionStringBuilder(connectionString)));
}
