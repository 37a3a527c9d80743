using Dispatch.Worker.Diagnostics;

namespace Dispatch.Worker.Tests.Diagnostics;

public sealed class StageTests
{
    readonly SteppedTime _time = new();

    [Fact]
    public void ToString_HalfDone_TellsRateAndWhatIsLeft()
    {
        var stage = new Stage("route", 3_000, "rows", _time);
        stage.Add(600);
        stage.Add(400);
        _time.Step(TimeSpan.FromSeconds(2));

        Assert.Equal("route: 1,000 of 3,000 rows, 500 rows/s, 2,000 left, 4 s to go", stage.ToString());
    }

    [Fact]
    public void ToString_Finished_TellsTheTimeItTook()
    {
        var stage = new Stage("compose", 0, "pieces", _time);
        stage.Add(10);
        _time.Step(TimeSpan.FromSeconds(4));
        stage.Finish();
        _time.Step(TimeSpan.FromSeconds(4));

        Assert.Equal("compose: 10 pieces, 2 pieces/s, took 4.0 s", stage.ToString());
    }

    [Fact]
    public async Task Start_WithoutProgress_WritesNothing()
    {
        var output = new StringWriter();
        await using (var progress = StageProgress.Start(output, ProgressStyle.None, _time))
        {
            progress.Begin("route").Add(1);
        }

        Assert.Equal("", output.ToString());
    }

    sealed class SteppedTime : TimeProvider
    {
        long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan by) => _ticks += by.Ticks;
    }
}
