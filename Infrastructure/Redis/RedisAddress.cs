using System.Globalization;
using MarketsApi.Infrastructure.Settings;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MarketsApi.Infrastructure.Redis;

/// <summary>Reads both ways of writing where a Redis is.</summary>
internal static class RedisAddress
{
    /// <summary>How soon a broken connection is noticed and tried again. The client's own defaults take seconds.</summary>
    private const int ReconnectMilliseconds = 250;

    /// <summary>The client's own <c>host:port,option=…</c>, or <c>redis://user:password@host:port/database</c> (rediss:// for TLS).</summary>
    /// <exception cref="ArgumentException">The address can't be read.</exception>
    /// <exception cref="FormatException">Nor can this one.</exception>
    public static ConfigurationOptions Parse(string text)
    {
        var options =
            text.StartsWith("redis://", StringComparison.Ordinal)
            || text.StartsWith("rediss://", StringComparison.Ordinal)
                ? FromUri(new Uri(text))
                : FromOptions(text);
        // The program starts without Redis and finds it when it comes.
        options.AbortOnConnectFail = false;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(ReconnectMilliseconds);
        // A call while there is no connection fails at once instead of waiting for one: callers do without Redis.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        return options;
    }

    /// <remarks>The client would take any text for the name of a host.</remarks>
    private static ConfigurationOptions FromOptions(string text) =>
        text.Contains("://", StringComparison.Ordinal) || text[0] is '"' or '\''
            ? throw new FormatException("Redis has the scheme redis or rediss, without quotation marks.")
            : ConfigurationOptions.Parse(text);

    private static ConfigurationOptions FromUri(Uri address)
    {
        if (address.Query.Length > 0)
        {
            throw new FormatException("Parameters have no effect.");
        }

        var options = new ConfigurationOptions { Ssl = address.Scheme == "rediss" };
        options.EndPoints.Add(address.Host, address.Port > 0 ? address.Port : 6379);
        if (address.UserInfo.Split(':', 2) is [var user, { Length: > 0 } password])
        {
            options.User = user.Length > 0 ? Uri.UnescapeDataString(user) : null;
            options.Password = Uri.UnescapeDataString(password);
        }

        if (address.AbsolutePath.Trim('/') is { Length: > 0 } database)
        {
            options.DefaultDatabase = int.Parse(database, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return options;
    }

    /// <summary>Rejects, with a sentence, what can't be read; the sentence doesn't repeat it, since it may hold a password.</summary>
    internal sealed class Validator : IValidateOptions<ConnectionStringSettings>
    {
        public ValidateOptionsResult Validate(string? name, ConnectionStringSettings options) =>
            string.IsNullOrEmpty(options.Redis) || CanBeRead(options.Redis)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    "ConnectionStrings:Redis (or REDIS_URL) can't be read: give host:port with options, or redis://user:password@host:6379/0 (rediss:// for TLS) without parameters."
                );

        private static bool CanBeRead(string text)
        {
            try
            {
                return Parse(text).EndPoints.Count > 0;
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
            {
                return false;
            }
        }
    }
}
