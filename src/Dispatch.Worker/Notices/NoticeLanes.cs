using Dispatch.Routing;
using Dispatch.Worker.Diagnostics;
using Npgsql;

namespace Dispatch.Worker.Notices;

/// <summary>All lanes of a process: as many a channel as the settings give it connections.</summary>
sealed class NoticeLanes : IAsyncDisposable
{
    readonly List<NoticeLane> _lanes = [];
    readonly List<INoticeCarrier> _carriers = [];
    readonly NoticeQueue _queue;
    readonly NoticeRegister _register;
    readonly NoticeSettings _settings;
    readonly TimeProvider _time;

    /// <exception cref="DispatchException"><c>notices.settings</c>, <c>notices.secret</c>, <c>notices.certificate</c>;
    /// exit 78.</exception>
    public NoticeLanes(NpgsqlDataSource database, NoticeSettings settings, TimeProvider time)
    {
        NoticeRules.Check(settings);
        (_queue, _register, _settings, _time) = (new(database, settings.TryFor), new(database), settings, time);
        AddEmail(settings.Email);
        AddSms(settings.Sms);
    }

    /// <summary>Sends until nothing is due on any channel; one that is away does not keep the other from it.</summary>
    /// <exception cref="DispatchException">A channel takes nothing, exit 75.</exception>
    public async Task<NoticeCounts> RunAsync(Func<bool> mayTake, CancellationToken ct)
    {
        var counts = new NoticeCounts();
        await Task.WhenAll(_lanes.Select(
            lane => Task.Run(() => lane.RunAsync(counts, mayTake, ct), CancellationToken.None)));
        return counts;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var carrier in _carriers)
        {
            await carrier.DisposeAsync();
        }
    }

    void AddEmail(EmailSettings email)
    {
        if (email.Host.Length == 0)
        {
            return;
        }

        var password = SecretFile.Read(email.PasswordFile, "Notices:Email:PasswordFile");
        var trust = new CertificateTrust(email.RootCertificate);
        for (var i = 0; i < email.Connections; i++)
        {
            Add(NoticeChannel.Email, new EmailCarrier(email, password, trust, _time), email.PerSecond, hours: null);
        }
    }

    void AddSms(SmsSettings sms)
    {
        if (sms.Url.Length == 0)
        {
            return;
        }

        var (from, until) = sms.Day();
        var token = SecretFile.Read(sms.TokenFile, "Notices:Sms:TokenFile");
        var trust = new CertificateTrust(sms.RootCertificate);
        for (var i = 0; i < sms.Connections; i++)
        {
            Add(NoticeChannel.Sms, new SmsCarrier(sms, token, trust, _time), sms.PerSecond, new SmsHours(from, until));
        }
    }

    void Add(NoticeChannel channel, INoticeCarrier carrier, int perSecond, SmsHours? hours)
    {
        _carriers.Add(carrier);
        _lanes.Add(new(
            channel, _queue, _register, carrier, new(perSecond, hours, _settings.SettingsAt), _time));
    }
}
