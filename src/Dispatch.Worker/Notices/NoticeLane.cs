using Dispatch.Routing;

namespace Dispatch.Worker.Notices;

/// <summary>
/// Takes notices of one channel and sends them one after the other, over a carrier of its own; others do the same
/// beside it. What a message was answered is said at the end of a batch: after a crash in between it is sent again,
/// under the same key.
/// </summary>
sealed class NoticeLane(
    NoticeChannel channel, NoticeQueue queue, NoticeRegister register, INoticeCarrier carrier,
    NoticeLaneSetting setting, TimeProvider time)
{
    static readonly TimeSpan RateStep = TimeSpan.FromMilliseconds(50);

    /// <summary>Half the lease: nobody else has taken what is left by then.</summary>
    static readonly TimeSpan BatchTimeMax = NoticeQueue.Lease / 2;

    /// <summary>For the message in hand when the process is to stop: cut off, it might be sent twice.</summary>
    static readonly TimeSpan LastMessage = TimeSpan.FromSeconds(5);

    readonly Dictionary<int, NoticeJob> _jobs = [];
    string _away = "";

    /// <summary>Sends until nothing is due.</summary>
    /// <exception cref="DispatchException">The carrier takes nothing, exit 75.</exception>
    public async Task RunAsync(NoticeCounts counts, Func<bool> mayTake, CancellationToken ct)
    {
        _jobs.Clear();
        while (!ct.IsCancellationRequested && mayTake() && setting.IsOpen(time.GetUtcNow()))
        {
            var taken = await queue.TakeAsync(channel, setting.PerSecond, ct);
            if (taken is null)
            {
                await Task.Delay(RateStep, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            if (taken.Count == 0)
            {
                return;
            }

            await SendAsync(taken, counts, ct);
            if (_away.Length > 0)
            {
                var code = _away;
                _away = "";
                throw new DispatchException(
                    code,
                    "notices are not taken at the moment; they wait; see 'Notices do not go out' in ops/runbook.md",
                    ExitCode.TryAgain);
            }
        }
    }

    async Task SendAsync(IReadOnlyList<TakenNotice> taken, NoticeCounts counts, CancellationToken ct)
    {
        var settled = new List<SettledNotice>(taken.Count);
        using var last = new CancellationTokenSource();
        await using var stopping = ct.Register(() => last.CancelAfter(LastMessage));
        var began = time.GetTimestamp();
        try
        {
            foreach (var ofJob in taken.GroupBy(t => t.JobId))
            {
                var job = await FindJobAsync(ofJob.Key, last.Token);
                var people = await register.ReadAsync(job, channel, [.. ofJob.Select(t => t.PersonId)], last.Token);
                foreach (var notice in ofJob)
                {
                    var isHalted = ct.IsCancellationRequested || _away.Length > 0
                        || time.GetElapsedTime(began) > BatchTimeMax || !setting.IsOpen(time.GetUtcNow());
                    settled.Add(isHalted
                        ? new(notice, NoticeState.Waiting)
                        : await SendAsync(notice, job, people.GetValueOrDefault(notice.PersonId), last.Token));
                }
            }
        }
        finally
        {
            // Whatever stopped it: what was sent is said to be, and others need not wait for the rest.
            settled.AddRange(taken.Except(settled.Select(s => s.Taken)).Select(
                t => new SettledNotice(t, NoticeState.Waiting)).ToList());
            await queue.SettleAsync(channel, settled, CancellationToken.None);
            settled.ForEach(s => counts.Add(s.State));
        }
    }

    async Task<SettledNotice> SendAsync(TakenNotice notice, NoticeJob job, Addressee? addressee, CancellationToken ct)
    {
        if (notice.IsStale)
        {
            return new(notice, NoticeState.Failed, "expired");
        }

        if (addressee is null or { IsSuppressed: true })
        {
            return new(notice, addressee is null ? NoticeState.Withdrawn : NoticeState.Suppressed);
        }

        if (addressee.Contact is null)
        {
            return new(notice, NoticeState.Failed, "contact.invalid");
        }

        var (subject, text) = NoticeText.Of(
            channel, addressee.Language, job.SenderName, addressee.IsOwner, setting.SettingsAt);
        var key = NoticeKey.Of(job.ContentSha256, job.SenderCvr, job.Reference, notice.PersonId, channel);
        var answer = await carrier.SendAsync(new(key, addressee.Contact, subject, text), ct);
        if (answer.Verdict == CarrierVerdict.Away)
        {
            _away = answer.Fault;
        }

        return answer.Verdict switch
        {
            CarrierVerdict.Taken => new(notice, NoticeState.Sent),
            CarrierVerdict.Never => new(notice, NoticeState.Failed, answer.Fault),
            CarrierVerdict.Later => new(
                notice, NoticeState.Waiting, answer.Fault, NoticeRetry.After(notice.Failures + 1)),
            _ => new(notice, NoticeState.Waiting, answer.Fault),
        };
    }

    async Task<NoticeJob> FindJobAsync(int jobId, CancellationToken ct)
    {
        if (!_jobs.TryGetValue(jobId, out var job))
        {
            _jobs[jobId] = job = await register.ReadJobAsync(jobId, ct);
        }

        return job;
    }
}
