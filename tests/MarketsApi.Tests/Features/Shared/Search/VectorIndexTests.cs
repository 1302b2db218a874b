using System.Net.Http.Json;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Features.Shared.Search;

/// <summary>Each instance has the signs in memory; what any of them writes is seen by all.</summary>
public sealed class VectorIndexTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string CopyVector = """
        WITH copied AS (
            INSERT INTO market_vectors (market_id, model_id, text_hash, vector)
            SELECT @To, model_id, text_hash, vector FROM market_vectors WHERE market_id = @From
        )
        INSERT INTO market_signs (market_id, model_id, bits)
        SELECT @To, model_id, bits FROM market_signs WHERE market_id = @From
        """;

    [Fact]
    public async Task Another_instance_finds_a_new_market_within_a_second()
    {
        var topic = Guid.NewGuid().ToString("N");
        var asked = await api.CreateAsync($"Will the {topic} tunnel open in 2031?");
        await api.ReindexAsync();
        await ListElsewhereAsync(asked);

        var added = await api.CreateAsync($"Will {topic} tunnel be open by 2031?");
        await api.ReindexAsync();
        Assert.Equal(added, (await api.ListSimilarAsync(asked, 1))[0].Id);
        api.Clock.Advance(TimeSpan.FromSeconds(1.1));

        Assert.Equal(added, (await ListElsewhereAsync(asked))[0]);
    }

    [Fact]
    public async Task What_a_late_transaction_has_written_is_not_missed()
    {
        var topic = Guid.NewGuid().ToString("N");
        var asked = await api.CreateAsync($"Will the {topic} bridge open in 2031?");
        await api.ReindexAsync();
        var late = await api.CreateAsync($"Will the {topic} bridge open in 2032?");
        var early = await api.CreateAsync($"Will the {topic} bridge open in 2033?");

        await using var connection = await api.Database.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await Dapper.SqlMapper.ExecuteAsync(connection, CopyVector, new { From = asked, To = late }, transaction);
        await api.Database.ExecuteAsync(CopyVector, new { From = asked, To = early });
        api.Clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal([early], (await api.ListSimilarAsync(asked)).Where(hit => hit.Score == 1).Select(hit => hit.Id));

        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        api.Clock.Advance(TimeSpan.FromSeconds(1.1));

        Assert.Equal(
            ((Guid[])[late, early]).Order(),
            (await api.ListSimilarAsync(asked)).Where(hit => hit.Score == 1).Select(hit => hit.Id).Order()
        );
    }

    private async Task<List<Guid>> ListElsewhereAsync(Guid id)
    {
        var response = await api.Live.Client.GetFromJsonAsync<JsonElement>(
            $"/api/markets/{id}/similar",
            TestContext.Current.CancellationToken
        );
        return [.. response.GetProperty("data").EnumerateArray().Select(item => item.Id())];
    }
}
