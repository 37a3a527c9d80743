namespace Dispatch.Worker.Notices;

/// <summary>What a notice needs of its job.</summary>
sealed record NoticeJob(
    int JobId, int Segment, byte[] ContentSha256, string SenderCvr, string Reference, string SenderName);
