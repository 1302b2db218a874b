using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>50,000 markets by a thousand creators, one of whom made a tenth of them.</summary>
public sealed class ManyMarkets : ApiFixture
{
    public const int Count = 50_000;

    public static readonly Guid BusyCreator = new("c0000000-0000-7000-8000-000000000000");

    private const string Insert = """
        INSERT INTO users (id, display_name, created_at, updated_at)
        SELECT ('c0000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Creator ' || n, now(), now()
        FROM generate_series(0, 999) n;

        INSERT INTO markets (id, source, external_id, name, description, category, status, outcome, volume, imported_volume,
                             ends_at, created_at, updated_at, creator_id)
        SELECT md5(n::text)::uuid,
               CASE WHEN n % 20 = 0 THEN 'test' END,
               CASE WHEN n % 20 = 0 THEN n::text END,
               'Will ' || md5((n % 20000)::text) || ' happen?',
               'A description',
               CASE WHEN n % 11 > 0 THEN 'category-' || n % 11 END,
               (ARRAY['active', 'active', 'active', 'closed', 'closed', 'resolved', 'cancelled', 'draft'])[1 + n % 8],
               CASE WHEN n % 8 = 5 THEN 'yes' END,
               n * 7919 % 10007,
               n * 7919 % 10007,
               CASE WHEN n % 20 > 0 THEN timestamptz '2030-01-01Z' + n * 7907 % 30011 * interval '1 minute' END,
               timestamptz '2025-01-01Z' + n * 7901 % 40009 * interval '1 minute',
               now(),
               ('c0000000-0000-7000-8000-' || lpad(to_hex(CASE WHEN n % 10 = 0 THEN 0 ELSE n % 1000 END), 12, '0'))::uuid
        FROM generate_series(1, 50000) n;

        ANALYZE users;
        ANALYZE markets
        """;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync(Insert);
    }
}
