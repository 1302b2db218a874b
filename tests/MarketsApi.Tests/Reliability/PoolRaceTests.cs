using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Reliability;

/// <summary>Everything that people can do with markets, at once, on three instances that die and are replaced; and an import beside them.</summary>
public sealed class PoolRaceTests
{
    private const int Markets = 6;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(LongForm.IsWanted ? 8 : 4);

    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentDictionary<(Guid Market, long Version), long> _revisionWhileNotActive = new();
    private long _opened;
    private long _changed;
    private long _reads;

    [Fact]
    public async Task Pools_add_up_under_concurrency_and_pay_out_to_the_cent()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var fleet = await Fleet.StartProcessesAsync(3, redis);
        var imported = await ImportAsync(fleet, volume: 10);
        var ids = new List<Guid> { imported };
        while (ids.Count < Markets)
        {
            ids.Add(await fleet.CreateMarketAsync());
        }

        using var end = new CancellationTokenSource();
        var lanes = Enumerable
            .Range(0, 6)
            .Select(lane => KeepAsync(fleet, ids, OpenAsync, lane, end.Token))
            .Concat(Enumerable.Range(6, 3).Select(lane => KeepAsync(fleet, ids, ChangeAsync, lane, end.Token)))
            .Concat(Enumerable.Range(9, 6).Select(lane => KeepAsync(fleet, ids, ReadAsync, lane, end.Token)))
            .ToList();
        var replacing = ReplaceAsync(fleet, redis, end.Token);
        for (var volume = 20; volume <= 40; volume += 10)
        {
            await Task.Delay(Length / 4, TestContext.Current.CancellationToken);
            await ImportAsync(fleet, volume);
        }

        await Task.Delay(Length / 4, TestContext.Current.CancellationToken);
        await end.CancelAsync();
        await Task.WhenAll([.. lanes, replacing]);

        Assert.True(_errors.IsEmpty, string.Join("\n", _errors.Take(10)) + "\n" + fleet.Everything);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_opened} positions, {_changed} changes, {_reads} reads");
        Assert.True(
            _opened > (LongForm.IsWanted ? 100 : 50) && _changed > 50 && _reads > 200,
            $"{_opened}, {_changed}, {_reads}"
        );
        Assert.True(
            _revisionWhileNotActive.Count > 10,
            $"only {_revisionWhileNotActive.Count} closed versions were seen"
        );
        await ShouldAddUpAsync(fleet);
        foreach (var instance in fleet.Instances.Where(instance => instance.IsRunning))
        {
            foreach (var id in ids)
            {
                await ReadAsync(instance.Client, id, new Random(1), CancellationToken.None);
            }
        }

        Assert.True(_errors.IsEmpty, string.Join("\n", _errors.Take(10)));
    }

    private static async Task ShouldAddUpAsync(Fleet fleet)
    {
        Assert.Empty(await fleet.Database.QueryAsync<string>(PoolInvariants.SelectWrong));
        // Settles the markets that are still open.
        await fleet.Database.ExecuteAsync(
            "UPDATE markets SET status = 'resolved', outcome = 'yes' WHERE status NOT IN ('resolved', 'cancelled', 'draft')"
        );
        Assert.Empty(await fleet.Database.QueryAsync<string>(PoolInvariants.SelectWrong));
    }

    private static async Task KeepAsync(
        Fleet fleet,
        List<Guid> ids,
        Func<HttpClient, Guid, Random, CancellationToken, Task> act,
        int lane,
        CancellationToken end
    )
    {
        var random = new Random(lane);
        while (!end.IsCancellationRequested)
        {
            var running = fleet.Instances.Where(instance => instance.IsRunning).ToList();
            try
            {
                await act(running[random.Next(running.Count)].Client, ids[random.Next(ids.Count)], random, end);
            }
            catch (HttpRequestException)
            {
                // Killed meanwhile, or not listening yet: whether it was done is for the sums to say.
            }

            // Without a pause, the instances that replace others would hardly get a processor to start on.
            await Task.Delay(random.Next(20), CancellationToken.None);
        }
    }

    private async Task OpenAsync(HttpClient client, Guid id, Random random, CancellationToken end)
    {
        var outcome = random.Next(2) == 0 ? "yes" : "no";
        var stake = (random.Next(1, 100_000) / 100m).ToString(CultureInfo.InvariantCulture);
        var dry = random.Next(10) == 0 ? "?dryRun=true" : "";
        using var response = await SendAsync(
            client,
            HttpMethod.Post,
            $"/api/markets/{id}/positions{dry}",
            $$"""{"outcome":"{{outcome}}","stake":{{stake}}}"""
        );
        Expect(response, 200, 201, 404, 409, 503);
        if (response.StatusCode == HttpStatusCode.Created)
        {
            Interlocked.Increment(ref _opened);
        }
    }

    private async Task ChangeAsync(HttpClient client, Guid id, Random random, CancellationToken end)
    {
        var body = random.Next(12) switch
        {
            0 or 1 => """{"status":"resolved","outcome":"yes"}""",
            2 => """{"status":"cancelled"}""",
            3 or 4 or 5 => """{"status":"closed"}""",
            6 or 7 or 8 => """{"status":"active"}""",
            9 => "correct",
            10 => "delete",
            _ => $$"""{"description":"{{random.Next()}}"}""",
        };
        // Most settling waits until the end is near, so that there is something to stake on.
        if (
            (
                body.Contains("resolved", StringComparison.Ordinal)
                || body.Contains("cancelled", StringComparison.Ordinal)
            )
            && random.Next(8) > 0
        )
        {
            body = """{"status":"active"}""";
        }

        using var response = body switch
        {
            "correct" => await SendAsync(
                client,
                HttpMethod.Post,
                $"/api/markets/{id}/corrections",
                random.Next(3) switch
                {
                    0 => """{"outcome":"yes","reason":"It was so."}""",
                    1 => """{"outcome":"no","reason":"It was not."}""",
                    _ => """{"outcome":null,"reason":"Who knows."}""",
                }
            ),
            "delete" => await SendAsync(client, HttpMethod.Delete, $"/api/markets/{id}", null),
            _ => await SendAsync(client, HttpMethod.Patch, $"/api/markets/{id}", body),
        };
        Expect(response, 200, 204, 404, 409, 503);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            Interlocked.Increment(ref _changed);
            var market = JsonDocument
                .Parse(await response.Content.ReadAsStringAsync(CancellationToken.None))
                .RootElement.GetProperty("data");
            Check(market, response.Headers.ETag);
        }
    }

    private async Task ReadAsync(HttpClient client, Guid id, Random random, CancellationToken end)
    {
        var url = random.Next(3) switch
        {
            0 => $"/api/markets?ids={id}",
            _ => $"/api/markets/{id}",
        };
        using var response = await client.GetAsync(url, CancellationToken.None);
        Expect(response, 200, 404, 503);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            Interlocked.Increment(ref _reads);
            var data = JsonDocument
                .Parse(await response.Content.ReadAsStringAsync(CancellationToken.None))
                .RootElement.GetProperty("data");
            foreach (var market in data.ValueKind == JsonValueKind.Array ? [.. data.EnumerateArray()] : new[] { data })
            {
                Check(market, response.Headers.ETag);
            }
        }
    }

    /// <summary>Each read is consistent: the volume is the pool plus the imported volume.</summary>
    private void Check(JsonElement market, EntityTagHeaderValue? tag)
    {
        if (tag is not null && market.Text("status") != "active")
        {
            // As long as a version that isn't active lasts, no position comes in.
            var revision = long.Parse(tag.Tag.Trim('"').Split('.', '-')[1], CultureInfo.InvariantCulture);
            var version = (market.Id(), market.GetProperty("version").GetInt64());
            var known = _revisionWhileNotActive.GetOrAdd(version, revision);
            if (known != revision)
            {
                _errors.Enqueue($"from revision {known} to {revision} while not active: {market.GetRawText()}");
            }
        }

        var pool = market.GetProperty("pool");
        var (yes, no) = (pool.GetProperty("yes").GetDecimal(), pool.GetProperty("no").GetDecimal());
        var imported = market.GetProperty("volume").GetDecimal() - yes - no;
        var isRight = market.Text("externalId") is null ? imported == 0 : imported is 10 or 20 or 30 or 40;
        var probability = market.GetProperty("probability");
        decimal? shown = probability.ValueKind == JsonValueKind.Null ? null : probability.GetDecimal();
        decimal? expected = yes + no == 0 ? null : decimal.Round(yes / (yes + no), 4, MidpointRounding.ToEven);
        var isSettled = market.Text("status") is "resolved" or "cancelled";
        if (!isRight || shown != expected || isSettled != (market.Text("resolvedAt") is not null))
        {
            _errors.Enqueue(market.GetRawText());
        }
    }

    private void Expect(HttpResponseMessage response, params ReadOnlySpan<int> statuses)
    {
        if (!statuses.Contains((int)response.StatusCode))
        {
            _errors.Enqueue(
                $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri}: {response.StatusCode}"
            );
        }
    }

    private static async Task ReplaceAsync(Fleet fleet, RedisServer redis, CancellationToken end)
    {
        for (var number = 0; number < 2; number++)
        {
            await Task.Delay(Length / 4, CancellationToken.None);
            fleet.Kill(number);
            await fleet.AddAsync(1, redis);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        HttpMethod method,
        string url,
        string? body
    )
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Fleet.Moderator.Token);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await client.SendAsync(request);
    }

    /// <summary>Imports one open market with this volume; a line that would change what it may not is rejected, which is right.</summary>
    private static async Task<Guid> ImportAsync(Fleet fleet, int volume)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jsonl");
        try
        {
            await File.WriteAllTextAsync(
                path,
                $$"""{"externalId":"race","source":"test","name":"Will it be imported?","volume":{{volume}},"endsAt":"2099-01-01T00:00:00Z"}"""
            );
            var (code, output, error) = await ProgramProcess.RunAsync(
                ["import", path],
                ("DATABASE_URL", fleet.Database.ConnectionString)
            );
            Assert.True(code is 0 or 3, output + error);
            return (
                await fleet.Database.QueryAsync<Guid>("SELECT id FROM markets WHERE external_id = 'race'")
            ).Single();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
