using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>The program behind a PgBouncer in transaction mode. TEST_PGBOUNCER=1 ./test runs all tests behind one.</summary>
public sealed class PgBouncerTests
{
    [Fact]
    public async Task Two_connections_are_enough_for_many_requests_in_transaction_mode()
    {
        Assert.SkipWhen(PgBouncer.Binary is null, "pgbouncer is not installed.");
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        await using var pooler = await PgBouncer.StartAsync(connections: 2);
        await using var program = ProgramProcess.Start([], ("DATABASE_URL", pooler.To(database)));
        await program.UntilAsync("/health/ready");
        program.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            Fleet.Moderator.Token
        );

        var statuses = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(async number =>
                {
                    using var created = await program.Client.PostAsJsonAsync("/api/markets", ApiFixture.NewMarket());
                    var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").Id();
                    using var changed = await program.Client.PatchAsJsonAsync(
                        $"/api/markets/{id}",
                        new { description = $"{number}" }
                    );
                    using var read = await program.Client.GetAsync($"/api/markets/{id}");
                    using var listed = await program.Client.GetAsync($"/api/markets?limit={number + 1}");
                    using var found = await program.Client.GetAsync("/api/markets/search?q=happen");
                    return new[]
                    {
                        created.StatusCode,
                        changed.StatusCode,
                        read.StatusCode,
                        listed.StatusCode,
                        found.StatusCode,
                    };
                })
        );

        Assert.All(
            statuses,
            each =>
                Assert.Equal(
                    [
                        HttpStatusCode.Created,
                        HttpStatusCode.OK,
                        HttpStatusCode.OK,
                        HttpStatusCode.OK,
                        HttpStatusCode.OK,
                    ],
                    each
                )
        );
    }
}
