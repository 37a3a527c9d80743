namespace Dispatch.System.Tests.Running;

/// <summary>One connection of a line. It knows two things of the database's protocol: how a COPY begins and how a
/// commit looks.</summary>
sealed class LineConnection(LineState state)
{
    const int BufferBytes = 64 * 1024;

    static ReadOnlySpan<byte> CommitMessage => "Q\0\0\0\u000bCOMMIT\0"u8;

    bool _hasCopied;
    volatile bool _hasCommitted;

    /// <summary>Requests, until the client has no more.</summary>
    public async Task ForthAsync(Stream client, Stream server, CancellationToken cancel)
    {
        var buffer = new byte[BufferBytes];
        var passed = 0L;
        for (int read; (read = await client.ReadAsync(buffer, cancel)) > 0; passed += read)
        {
            await state.RequestsPassAsync(cancel);
            if (passed + read > state.BytesMax)
            {
                await server.WriteAsync(buffer.AsMemory(0, (int)Math.Max(0, state.BytesMax - passed)), cancel);
                await state.EndAsync(cancel);
            }

            await NoteAsync(buffer.AsMemory(0, read), cancel);
            await server.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }

    /// <summary>Replies, until the server has no more.</summary>
    public async Task BackAsync(Stream server, Stream client, CancellationToken cancel)
    {
        var buffer = new byte[BufferBytes];
        for (int read; (read = await server.ReadAsync(buffer, cancel)) > 0;)
        {
            if (state.Delay > TimeSpan.Zero)
            {
                await Task.Delay(state.Delay, cancel);
            }

            await state.RepliesPassAsync(cancel);
            if (_hasCommitted)
            {
                _hasCommitted = false;
                await state.StandStillAsync(isReply: true, cancel);
                if (state.LosesThisReply())
                {
                    throw new IOException("the reply to a commit was lost");
                }
            }

            await client.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
    }

    async Task NoteAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        _hasCopied |= request.Span.IndexOf("copy mailbox."u8) >= 0 || request.Span.IndexOf("copy dispatch."u8) >= 0;
        if (_hasCopied && request.Span.IndexOf(CommitMessage) >= 0)
        {
            _hasCopied = false;
            await state.StandStillAsync(isReply: false, cancel);
            if (state.LosesThisCommit())
            {
                throw new IOException("a commit was lost");
            }

            _hasCommitted = true;
        }
    }
}
