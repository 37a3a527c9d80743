namespace Dispatch.Worker.Intake;

/// <summary>A run of checked UTF-8 on its way from the reader to the cutter, in a pooled buffer.</summary>
readonly record struct ListBlock(byte[] Buffer, int Length)
{
    public ReadOnlySpan<byte> Text => Buffer.AsSpan(0, Length);
}
