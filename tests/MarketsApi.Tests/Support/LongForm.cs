namespace MarketsApi.Tests.Support;

/// <summary>Whether tests that prove by number or by length run in their long form: <c>TEST_LONG=1</c>, as in CI.</summary>
internal static class LongForm
{
    public static bool IsWanted { get; } = Environment.GetEnvironmentVariable("TEST_LONG") == "1";
}
