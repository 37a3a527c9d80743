using System.ComponentModel;
using System.Net.Sockets;
using Dispatch.Routing;
using Dispatch.Worker.Commands;
using Npgsql;

namespace Dispatch.Worker.Tests.Commands;

public sealed class FailureTests
{
    const string Secret = "letter text";

    [Fact]
    public void From_DispatchException_KeepsCodeMessageAndExit()
    {
        var failure = From(new DispatchException("file.empty", "two\nlines"));

        Assert.Equal("dispatch: file.empty: two lines", failure.ToString());
        Assert.Equal(ExitCode.Refused, failure.Exit);
    }

    [Theory]
    [InlineData("no job '0503700124'", "no job '(ten digits)'")]
    [InlineData("'/a/050370-0124/b' and 050370 0124", "'/a/(ten digits)/b' and (ten digits)")]
    [InlineData("8589934593 bytes", "8589934593 bytes")]
    [InlineData("20261122-19552101-x-0001-0123456789ab", "20261122-19552101-x-0001-0123456789ab")]
    [InlineData("05037001244 bytes", "05037001244 bytes")]
    public void ToString_WhatLooksLikeANumberOfAPerson_IsLeftOut(string message, string shown) =>
        Assert.Equal($"dispatch: x.y: {shown}", From(new DispatchException("x.y", message)).ToString());

    [Fact]
    public void From_FullDisk_CanBeTriedAgain()
    {
        var failure = From(new IOException("No space left on device", 28));

        Assert.Equal(("disk.full", ExitCode.TryAgain), (failure.Code, failure.Exit));
    }

    public static TheoryData<Exception> WithoutHandles =>
    [
        new IOException("Too many open files", 24),
        new NpgsqlException("connect", new SocketException(24)),
        new AggregateException(new TypeInitializationException("x", new Win32Exception(24))),
    ];

    [Theory]
    [MemberData(nameof(WithoutHandles))]
    public void From_NoHandleLeft_CanBeTriedAgain(Exception fault)
    {
        var failure = From(fault);

        Assert.Equal(("process.file_handles", ExitCode.TryAgain), (failure.Code, failure.Exit));
    }

    [Fact]
    public void From_ZoneThatTheMachineLacks_IsConfiguration()
    {
        var failure = From(new TypeInitializationException("x", new TimeZoneNotFoundException("Europe/Copenhagen")));

        Assert.Equal(("time_zone.missing", ExitCode.Configuration), (failure.Code, failure.Exit));
    }

    [Fact]
    public void From_MissingRight_NamesThePath()
    {
        var failure = From(new UnauthorizedAccessException("Access to the path '/etc/shadow' is denied."));

        Assert.Equal(("access.denied", ExitCode.Configuration), (failure.Code, failure.Exit));
        Assert.Contains("'/etc/shadow'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("53100", "disk.full", ExitCode.TryAgain)]
    [InlineData("57P01", "database.unreachable", ExitCode.TryAgain)]
    [InlineData("40P01", "database.busy", ExitCode.TryAgain)]
    [InlineData("25P02", "database.busy", ExitCode.TryAgain)]
    [InlineData("08P01", "database.pooler", ExitCode.Configuration)]
    [InlineData("28P01", "database.login", ExitCode.Configuration)]
    [InlineData("3D000", "database.unknown", ExitCode.Configuration)]
    [InlineData("23505", "database.failed", ExitCode.Failed)]
    [InlineData("XX001", "database.damaged", ExitCode.Failed)]
    [InlineData("XX002", "database.damaged", ExitCode.Failed)]
    public void From_ServerFault_IsNamedByItsStateOnly(string state, string code, ExitCode exit)
    {
        var failure = From(new PostgresException(Secret, "ERROR", "ERROR", state));

        Assert.Equal((code, exit), (failure.Code, failure.Exit));
        Assert.DoesNotContain(Secret, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_AnythingElse_TellsTheTypeButNoText()
    {
        var failure = From(new InvalidOperationException(Secret));

        Assert.Equal(("internal.error", ExitCode.Failed), (failure.Code, failure.Exit));
        Assert.Contains(nameof(InvalidOperationException), failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_FaultAfterSignal_IsTheSignal() =>
        Assert.Equal(ExitCode.Terminated, Failure.From(new IOException(), ExitCode.Terminated, null).Exit);

    [Fact]
    public void From_SeveralAtOnce_TakesTheOneThatIsNoCancellation()
    {
        var failure = From(new AggregateException(new OperationCanceledException(), new DispatchException("x.y", "z")));

        Assert.Equal("x.y", failure.Code);
    }

    static Failure From(Exception exception) => Failure.From(exception, null, null);
}
