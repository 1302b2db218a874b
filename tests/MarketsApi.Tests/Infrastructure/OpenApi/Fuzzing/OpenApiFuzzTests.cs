using System.Globalization;
using System.Net;
using System.Text;
using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.OpenApi.Fuzzing;

/// <summary>Requests made from openapi.json, valid ones and nearly valid ones: every response is one that it declares, and none says 5xx.</summary>
public sealed class OpenApiFuzzTests(FuzzFixture api) : IClassFixture<FuzzFixture>
{
    private const int MostReported = 20;

    private static readonly int Requests = Setting("FUZZ_REQUESTS", LongForm.IsWanted ? 20_000 : 400);
    private static readonly int Seed = Setting("FUZZ_SEED", 20_261_129);

    [Fact]
    public async Task No_request_gets_a_response_that_the_document_doesn_t_have()
    {
        var document = await ApiDocument.OfAsync(api.Host);
        var contract = new ResponseContract(document);
        var random = new Random(Seed);
        var state = new FuzzState(api.Users, api.Markets, api.Jobs);
        var values = new SchemaSampler(document, random, api.Clock.GetUtcNow());
        var requests = new RequestSampler(document, random, values, state);
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.All,
                RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
                UseCookies = false,
            }
        );
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        var statuses = new SortedDictionary<int, int>();
        for (var number = 0; number < Requests && errors.Count < MostReported; number++)
        {
            var request = requests.Next();
            using var message = request.ToMessage(api.Live.Address);
            using var response = await client.SendAsync(message, TestContext.Current.CancellationToken);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            var status = (int)response.StatusCode;
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            foreach (var error in contract.Errors(request, response, body).Concat(OfThe(request, status)))
            {
                errors.TryAdd(
                    $"{request.Operation} → {status}: {error}",
                    $"number {number}, {request}\n    → {status} {body[..Math.Min(1_000, body.Length)]}"
                );
            }

            state.Learn(request, response, body);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {Seed}: {string.Join(", ", statuses)}");
        Assert.True(
            errors.Count == 0,
            $"FUZZ_SEED={Seed} FUZZ_REQUESTS={Requests} finds\n{string.Join("\n\n", errors.Select(error => $"{error.Key}\n  {error.Value}"))}"
        );
        Assert.True(statuses.Where(status => status.Key < 300).Sum(status => status.Value) > Requests / 5);
        Assert.True(statuses.GetValueOrDefault(400) > Requests / 20);

        IEnumerable<string> OfThe(FuzzRequest request, int status)
        {
            if (status >= 500)
            {
                yield return "the server failed";
            }

            if (
                status is >= 200 and < 300
                && request is { Body: { Length: > 0 } body }
                && request.Method == request.Operation.Method
                && request.Operation.Bodies.Count > 0
            )
            {
                var text = Encoding.UTF8.GetString(body);
                var wrong = request
                    .Operation.Bodies.Values.Select(media =>
                        contract.ErrorsOfRequest(text, media.GetProperty("schema"))
                    )
                    .MinBy(found => found.Count())!;
                foreach (var error in wrong)
                {
                    yield return $"a wrong body was accepted: {error}";
                }
            }
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : otherwise;
}
