using System.Text;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Clients;

/// <summary>The server of docs/consuming.md: 250 markets about the weather, and a network that breaks once before a first response.</summary>
public sealed class ConsumingFixture : ApiFixture
{
    /// <summary>How many markets there are about the weather.</summary>
    public const int Markets = 250;

    private const string Insert = """
        INSERT INTO users (id, display_name, created_at, updated_at)
        VALUES ('c0000000-0000-7000-8000-000000000000', 'Creator', now(), now());

        INSERT INTO markets (id, name, description, category, status, volume, imported_volume, ends_at, created_at, updated_at, creator_id)
        SELECT md5(n::text)::uuid, 'Will it snow on day ' || n || '?', '', 'weather', 'active', 10, 10,
               timestamptz '2035-01-01Z', timestamptz '2025-01-01Z' + n * interval '1 minute', now(),
               'c0000000-0000-7000-8000-000000000000'
        FROM generate_series(1, 250) n
        """;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync(Insert);
    }

    /// <summary>A way to the server that cuts the connection on which this word goes by for the first time, once the server has it.</summary>
    internal TcpProxy BreakingAt(string word, Action broken)
    {
        var bytes = Encoding.UTF8.GetBytes(word);
        var left = 1;
        return new TcpProxy(Live.Address.Host, Live.Address.Port)
        {
            CutAfterSending = sent =>
            {
                if (sent.Span.IndexOf(bytes) < 0 || Interlocked.Exchange(ref left, 0) == 0)
                {
                    return false;
                }

                broken();
                return true;
            },
        };
    }
}
