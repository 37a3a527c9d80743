using System.Diagnostics;
using System.Text;
using Dispatch.Routing;

namespace Dispatch.Worker.Security;

/// <summary>
/// A command that prints the key-encryption key, for a vault: one key a line, the one to wrap under first. It is
/// started without a shell, within limits of time and output. What it writes to stderr is thrown away: it may hold
/// secrets.
/// </summary>
sealed class KeyCommand(IReadOnlyList<string> command, TimeSpan limit)
{
    const int KeysMax = 16;
    const int OutputBytesMax = KeysMax * (KeyEncryptionKey.Digits + 2);

    /// <exception cref="DispatchException"><c>key.command</c>, exit 78.</exception>
    public async Task<IReadOnlyList<KeyEncryptionKey>> ReadAsync(CancellationToken ct)
    {
        using var process = Start();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(ct);
        time.CancelAfter(limit);
        try
        {
            process.StandardInput.Close();
            var silenced = process.StandardError.BaseStream.CopyToAsync(Stream.Null, time.Token);
            var output = await ReadAsync(process.StandardOutput.BaseStream, time.Token);
            await process.WaitForExitAsync(time.Token);
            await silenced;
            return process.ExitCode == 0
                ? Parse(output)
                : throw Fault($"ended with exit code {process.ExitCode}", "expected 0");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Fault(
                $"did not end within {limit.TotalSeconds:0} s", "expected an answer within Security:KeyCommandLimit");
        }
        finally
        {
            Stop(process);
        }
    }

    Process Start()
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        // The database's password is none of its business.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw Fault(
                $"could not be started (error {fault.NativeErrorCode})", "expected a program this user may run");
        }
    }

    static bool IsOurs(string name) => name.StartsWith("DISPATCH_", StringComparison.OrdinalIgnoreCase);

    async Task<byte[]> ReadAsync(Stream output, CancellationToken ct)
    {
        var bytes = new byte[OutputBytesMax + 1];
        var length = await output.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return length <= OutputBytesMax
            ? bytes[..length]
            : throw Fault($"printed more than {OutputBytesMax} bytes", $"expected at most {KeysMax} keys, one a line");
    }

    List<KeyEncryptionKey> Parse(byte[] output)
    {
        var lines = Encoding.ASCII.GetString(output)
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var keys = lines.Select(KeyEncryptionKey.Parse).OfType<KeyEncryptionKey>().ToList();
        return keys.Count > 0 && keys.Count == lines.Length
            ? keys
            : throw Fault(
                $"printed {lines.Length} lines, {keys.Count} of them keys",
                "expected one key a line: 64 hexadecimal digits each");
    }

    // Of the command only the program: its arguments may hold a secret.
    DispatchException Fault(string found, string expected) => new(
        "key.command",
        $"the command of Security:KeyCommand ('{command[0]}') {found}; {expected}; run it by hand as this user to see "
        + "what it says",
        ExitCode.Configuration);

    static void Stop(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
