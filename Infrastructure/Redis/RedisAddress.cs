using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Redis;

/// <summary>Reads both ways of writing where a Redis is.</summary>
internal static class RedisAddress
{
    /// <summary>The client's own <c>host:port,option=…</c>, or <c>redis://user:password@host:port/database</c> (rediss:// for TLS).</summary>
    /// <exception cref="ArgumentException">The address can't be read.</exception>
    public static ConfigurationOptions Parse(string text)
    {
        var options =
            text.StartsWith("redis://", StringComparison.Ordinal)
            || text.StartsWith("rediss://", StringComparison.Ordinal)
                ? FromUri(new Uri(text))
                : ConfigurationOptions.Parse(text);
        // The program starts without Redis and finds it when it comes.
        options.AbortOnConnectFail = false;
        return options;
    }

    private static ConfigurationOptions FromUri(Uri address)
    {
        var options = new ConfigurationOptions { Ssl = address.Scheme == "rediss" };
        options.EndPoints.Add(address.Host, address.Port > 0 ? address.Port : 6379);
        if (address.UserInfo.Split(':', 2) is [_, { Length: > 0 } password])
        {
            options.Password = Uri.UnescapeDataString(password);
        }

        if (int.TryParse(address.AbsolutePath.Trim('/'), out var database))
        {
            options.DefaultDatabase = database;
        }

        return options;
    }
}
