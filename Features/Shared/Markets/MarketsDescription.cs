using System.Globalization;
using MarketsApi.Infrastructure.OpenApi;

namespace MarketsApi.Features.Shared.Markets;

/// <summary>What the OpenAPI document says of the API as a whole.</summary>
internal static class MarketsDescription
{
    public static readonly ApiDescription Api = new(
        "MarketsApi",
        "A backend for prediction markets.",
        Text(BodyRules.MaxBytes.ToString("N0", CultureInfo.InvariantCulture)),
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Link"] = "</api/markets?limit=20&cursor=AbC>; rel=\"next\"",
            ["Location"] = $"/api/markets/{DocumentExamples.Id}",
            ["WWW-Authenticate"] = "Bearer realm=\"markets-api\"",
        }
    );

    private static string Text(string maxBody) =>
        $$"""
            Prediction markets over HTTP: questions about the future, stakes on their outcomes, and payouts.

            **Successful responses** are `{"success": true, "data": …}`; lists add `meta`. New properties may be added; ignore those that you don't know.

            **Error responses** are `application/problem+json` (RFC 9457) with `success` false, `error` (a sentence for people), `type` (a stable URI for programs) and `requestId`. Every 400 has `details`, one entry for each error: the `field` as you spelled it, a stable `code` and a `message`.

            **Requests** are strict: JSON in UTF-8 of at most {{maxBody}} bytes, with case-sensitive names. An unknown or repeated property or query parameter, a comment, a trailing comma or an empty query parameter returns 400.

            **Ids** are UUIDs. **Times** are RFC 3339. A time that you send needs a zone or offset; responses are in UTC, with a `Z`. **Amounts** are JSON numbers with at most two decimals. **Lengths** of texts count Unicode code points after trimming and normalization (NFC).

            **Identity**: `Authorization: Bearer <JWT>`. The role gives permissions: `user` reads and writes, `moderator` also deletes, `admin` also manages jobs. An invalid token is rejected with 401 even where no token is needed.

            **Paging**: `limit` with `cursor` (from `meta.nextCursor` or the `Link` header), or with `offset`. A cursor is valid only for the list that returned it, with the same filters and order. The `limit` may change.

            **Retries**: send an `Idempotency-Key` with a POST that creates something. A repeated request with the same key returns the first response and creates nothing.

            **Conditional requests**: a single market has an `ETag`. Send it as `If-None-Match` to get 304 when the market hasn't changed, and as `If-Match` to get 412 when someone else has changed it.

            **Rate limits**: each caller (the user of a valid token, otherwise the IP address) can send a limited number of requests, by default 100 in any 60 seconds. `RateLimit` shows how many are left. Over the limit the response is 429 with `Retry-After`. A 304 doesn't count.

            Every response has an `X-Request-Id`. `HEAD` works wherever `GET` does. Responses are compressed if the client accepts it (`br`, `gzip`).
            """;
}
