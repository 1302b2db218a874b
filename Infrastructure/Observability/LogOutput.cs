using System.Buffers;

namespace MarketsApi.Infrastructure.Observability;

/// <summary>Where log lines go: a stream that a thread of its own writes to, many lines at a time.</summary>
/// <remarks>
/// A write for each line was an eighth of what a request costs, most of it for waking the reader of the pipe. Lines are out within
/// <see cref="Pause"/>, at the latest when the program ends, by whichever way it can still notice. A reader that doesn't read holds the
/// program up, as it would without this, once <see cref="MaxBytes"/> have come together.
/// </remarks>
internal sealed class LogOutput : IDisposable
{
    /// <summary>How long lines are gathered before they are written.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly object _gate = new();
    private readonly Thread _writer;
    private ArrayBufferWriter<byte> _gathered = new(64 * 1024);
    private ArrayBufferWriter<byte> _leaving = new(64 * 1024);
    private bool _isWriting;
    private bool _isClosed;

    public LogOutput(Stream stream)
    {
        _stream = stream;
        _writer = new Thread(WriteUntilClosed) { IsBackground = true, Name = "Log output" };
        _writer.Start();
        AppDomain.CurrentDomain.ProcessExit += FlushAtExit;
        AppDomain.CurrentDomain.UnhandledException += FlushAtExit;
    }

    /// <summary>Adds a whole line, its line break included.</summary>
    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            while (_gathered.WrittenCount > MaxBytes && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            if (_gathered.WrittenCount == 0)
            {
                Monitor.PulseAll(_gate);
            }

            _gathered.Write(line);
        }
    }

    /// <summary>Returns when everything added before has been written.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            while (_isWriting)
            {
                Monitor.Wait(_gate);
            }

            Write(_gathered.WrittenSpan);
            _gathered.ResetWrittenCount();
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= FlushAtExit;
        AppDomain.CurrentDomain.UnhandledException -= FlushAtExit;
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }

        _writer.Join();
        Flush();
    }

    private void FlushAtExit(object? sender, EventArgs arguments) => Flush();

    private void WriteUntilClosed()
    {
        while (WaitForLines())
        {
            Thread.Sleep(Pause);
            lock (_gate)
            {
                (_gathered, _leaving) = (_leaving, _gathered);
                _isWriting = true;
            }

            Write(_leaving.WrittenSpan);

            lock (_gate)
            {
                _leaving.ResetWrittenCount();
                _isWriting = false;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            _stream.Write(lines);
            _stream.Flush();
        }
        catch (IOException)
        {
            // The output is closed; the program works and stops without its log.
        }
    }

    private bool WaitForLines()
    {
        lock (_gate)
        {
            while (_gathered.WrittenCount == 0 && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            return !_isClosed;
        }
    }
}
