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
            Prediction markets over HTTP: questions about the future, their stakes and their outcomes.

            **Success** is `{"success": true, "data": …}`; lists add `meta`. Members may be added with time; ignore those that you don't know.

            **Failure** is `application/problem+json` (RFC 9457) with `success` false, `error` (a sentence for people), `type` (a stable URI, to branch on), `requestId` and, on every 400, `details`: each with the `field` at fault in your own spelling, a stable `code` and a `message`.

            **Requests** are strict: JSON in UTF-8 of at most {{maxBody}} bytes, names case-sensitive. An unknown or repeated member or query parameter, a comment, a trailing comma or an empty query parameter is a 400.

            **Ids** are UUIDs. **Times** are RFC 3339: send any zone or offset, but send one; answers are in UTC, with a `Z`. **Amounts** are JSON numbers with at most two decimals. Lengths of texts count Unicode code points after trimming and normalization (NFC).

            **Identity**: `Authorization: Bearer <JWT>`. The role gives permissions: `user` reads and writes, `moderator` also deletes, `admin` also operates. A token that is not good is refused even where none is needed.

            **Paging**: `limit` with `cursor` (from `meta.nextCursor` or the `Link` header), or with `offset`. A cursor belongs to one list with its filters and order; another `limit` is fine.

            **Sending again**: with an `Idempotency-Key` of your own a POST that creates something can be repeated and is done once.

            **Conditional requests**: single markets carry an `ETag`. Send it as `If-None-Match` to read only what has changed (304), and as `If-Match` to write only what you have seen (412).

            **Limits**: a caller (the user of a valid token, else the address) has so many requests in any window, by default 100 in 60 s. `RateLimit` says how many are left; over the limit it is a 429 with `Retry-After`. A 304 is free.

            Each answer carries `X-Request-Id`. `HEAD` works wherever `GET` does. Answers are compressed on request (`br`, `gzip`).
            """;
}
