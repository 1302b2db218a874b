using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared;

/// <summary>Settled markets with one to twelve positions each: dust and fortunes, one side and two, dates in no order.</summary>
public sealed class PoolLawMarkets : IAsyncLifetime
{
    /// <summary>How many there are.</summary>
    public static readonly int Count = LongForm.IsWanted ? 10_000 : 1_000;

    private static readonly string Insert = $"""
        SELECT setseed(0.18);

        INSERT INTO users (id, display_name, created_at, updated_at)
        VALUES ('c0000000-0000-7000-8000-000000000000', 'Creator', now(), now());

        INSERT INTO markets (id, name, description, status, ends_at, created_at, updated_at, creator_id)
        SELECT md5(n::text)::uuid, 'Market ' || n, '', 'active', timestamptz '2035-01-01Z', now(), now(),
               'c0000000-0000-7000-8000-000000000000'
        FROM generate_series(1, {Count}) n;

        DO $$
        BEGIN
            FOR round IN 1..12 LOOP
                WITH stakes AS (
                    SELECT md5(n::text)::uuid AS market_id,
                           CASE WHEN n % 10 = 0 THEN (ARRAY['yes', 'no'])[1 + n / 10 % 2]
                                WHEN random() < 0.5 THEN 'yes' ELSE 'no' END AS outcome,
                           CASE n % 3
                               WHEN 0 THEN trunc((random() * 0.1)::numeric, 2) + 0.01
                               WHEN 1 THEN trunc((random() * 1000)::numeric, 2) + 0.01
                               ELSE least(trunc(power(10, random() * 8 - 2)::numeric, 2) + 0.01, 1000000)
                           END AS stake
                    FROM generate_series(1, {Count}) n
                    WHERE round <= 1 + n % 12
                ),
                market AS (
                    UPDATE markets
                    SET volume = volume + stakes.stake, revision = revision + 1
                    FROM stakes
                    WHERE id = stakes.market_id
                )
                INSERT INTO positions (id, market_id, user_id, outcome, stake, created_at)
                SELECT gen_random_uuid(), market_id, 'c0000000-0000-7000-8000-000000000000', outcome, stake,
                       now() - random() * interval '1 day'
                FROM stakes;
            END LOOP;
        END
        $$;

        UPDATE markets
        SET status = CASE WHEN revision % 5 = 4 THEN 'cancelled' ELSE 'resolved' END,
            outcome = CASE WHEN revision % 5 = 4 THEN NULL WHEN random() < 0.5 THEN 'yes' ELSE 'no' END
        """;

    public TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        await Database.ExecuteAsync(Insert);
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
