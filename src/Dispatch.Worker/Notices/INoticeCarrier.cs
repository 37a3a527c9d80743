namespace Dispatch.Worker.Notices;

/// <summary>Hands messages of one channel over. Used by one caller at a time.</summary>
interface INoticeCarrier : IAsyncDisposable
{
    Task<CarrierAnswer> SendAsync(NoticeMessage message, CancellationToken ct);
}
