using System.Collections.Concurrent;
using Spectre.Console;

namespace Dispatch.Worker.Diagnostics;

/// <summary>How progress is shown.</summary>
enum ProgressStyle
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A line every five seconds.</summary>
    Lines,

    /// <summary>Bars, redrawn in place.</summary>
    Bars,
}

/// <summary>Shows the stages of a command while they run. Counting costs an interlocked add; one task draws.</summary>
sealed class StageProgress : IAsyncDisposable
{
    static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(5);
    static readonly TimeSpan BarPeriod = TimeSpan.FromMilliseconds(200);

    readonly ConcurrentQueue<Stage> _begun = new();
    readonly TimeProvider _time;
    readonly TextWriter _output;
    readonly bool _isShown;
    readonly CancellationTokenSource _stop = new();
    readonly Task _drawing;

    StageProgress(TextWriter output, ProgressStyle style, TimeProvider time)
    {
        _output = output;
        _time = time;
        _isShown = style != ProgressStyle.None;
        _drawing = style switch
        {
            ProgressStyle.Lines => DrawLinesAsync(),
            ProgressStyle.Bars => DrawBarsAsync(),
            _ => Task.CompletedTask,
        };
    }

    public static StageProgress Start(TextWriter output, ProgressStyle style, TimeProvider time) =>
        new(output, style, time);

    /// <summary>Begins a stage; finish it, or it counts until the command ends.</summary>
    /// <param name="total">How much there is to do; 0 = not known.</param>
    public Stage Begin(string name, long total = 0, string unit = "rows")
    {
        var stage = new Stage(name, total, unit, _time);
        if (_isShown)
        {
            _begun.Enqueue(stage); // nobody would take it out again
        }

        return stage;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _drawing;
        _stop.Dispose();
    }

    async Task DrawLinesAsync()
    {
        var stages = new List<Stage>();
        while (await TickAsync(LinePeriod))
        {
            TakeBegun(stages);
            foreach (var stage in stages)
            {
                await _output.WriteLineAsync(stage.ToString());
            }

            stages.RemoveAll(s => s.IsFinished);
        }
    }

    async Task DrawBarsAsync()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output) });
        await console.Progress().AutoClear(false).HideCompleted(false)
            .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var bars = new List<(Stage Stage, ProgressTask Bar)>();
                while (await TickAsync(BarPeriod))
                {
                    DrawBars(context, bars);
                }

                DrawBars(context, bars);
            });
    }

    void DrawBars(ProgressContext context, List<(Stage Stage, ProgressTask Bar)> bars)
    {
        while (_begun.TryDequeue(out var stage))
        {
            bars.Add((stage, context.AddTask("", maxValue: Math.Max(1, stage.Total))));
        }

        foreach (var (stage, bar) in bars)
        {
            bar.Description = Markup.Escape(stage.ToString());
            bar.IsIndeterminate = stage.Total == 0 && !stage.IsFinished;
            bar.Value = stage.IsFinished ? bar.MaxValue : Math.Min(stage.Done, bar.MaxValue);
            if (stage.IsFinished)
            {
                bar.StopTask();
            }
        }

        bars.RemoveAll(b => b.Stage.IsFinished);
    }

    void TakeBegun(List<Stage> stages)
    {
        while (_begun.TryDequeue(out var stage))
        {
            stages.Add(stage);
        }
    }

    async Task<bool> TickAsync(TimeSpan period)
    {
        await Task.Delay(period, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_stop.IsCancellationRequested;
    }
}
