using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Dispatch.Benchmarks;

/// <summary>
/// As much of a PostgreSQL server as a COPY needs ("Frontend/Backend Protocol" in its manual): lets one client in,
/// agrees to every COPY and throws away what comes.
/// </summary>
sealed class SilentServer : IDisposable
{
    const int HeadBytes = 5; // a message's kind and length
    const int Port = 5432;

    static readonly byte[] Ready = Message('Z', [(byte)'I']);

    readonly string _folder = Directory.CreateTempSubdirectory("dispatch-silent-").FullName;
    readonly byte[] _copyBegins;
    readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly Thread _thread;

    /// <param name="fields">Columns of the table it says it has.</param>
    public SilentServer(short fields)
    {
        var formats = new byte[3 + fields * 2];
        formats[0] = 1; // binary, and so is every column
        BinaryPrimitives.WriteInt16BigEndian(formats.AsSpan(1), fields);
        for (var i = 0; i < fields; i++)
        {
            formats[4 + i * 2] = 1;
        }

        _copyBegins = Message('G', formats);
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, $".s.PGSQL.{Port}")));
        _listener.Listen(1);
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public string ConnectionString =>
        $"Host={_folder};Port={Port};Username=nobody;Database=none;Pooling=false;SSL Mode=Disable;"
            + "GSS Encryption Mode=Disable;Server Compatibility Mode=NoTypeLoading";

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
        Directory.Delete(_folder, recursive: true);
    }

    void Serve()
    {
        try
        {
            using var client = new NetworkStream(_listener.Accept(), ownsSocket: true);
            var room = new byte[1 << 20];
            client.ReadExactly(room, 0, 4);
            Skip(client, room, BinaryPrimitives.ReadInt32BigEndian(room) - 4);
            client.Write([
                .. Message('R', new byte[4]), .. Parameter("server_version", "18.0"),
                .. Parameter("client_encoding", "UTF8"), .. Parameter("standard_conforming_strings", "on"), .. Ready,
            ]);
            for (var kind = Read(client, room); kind != 'X'; kind = Read(client, room))
            {
                client.Write(kind switch
                {
                    'Q' => _copyBegins,
                    'c' => [.. Message('C', "COPY 0\0"u8), .. Ready],
                    _ => [],
                });
            }
        }
        catch (Exception gone) when (gone is EndOfStreamException or IOException or SocketException)
        {
            // The client left, or nobody came.
        }
    }

    static char Read(NetworkStream client, byte[] room)
    {
        client.ReadExactly(room, 0, HeadBytes);
        var kind = (char)room[0];
        Skip(client, room, BinaryPrimitives.ReadInt32BigEndian(room.AsSpan(1)) - 4);
        return kind;
    }

    static void Skip(NetworkStream client, byte[] room, int bytes)
    {
        for (var left = bytes; left > 0;)
        {
            var read = client.Read(room, 0, Math.Min(left, room.Length));
            left -= read > 0 ? read : throw new EndOfStreamException();
        }
    }

    static byte[] Parameter(string name, string value) => Message('S', Encoding.ASCII.GetBytes($"{name}\0{value}\0"));

    static byte[] Message(char kind, ReadOnlySpan<byte> content)
    {
        var message = new byte[HeadBytes + content.Length];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), content.Length + 4);
        content.CopyTo(message.AsSpan(HeadBytes));
        return message;
    }
}
