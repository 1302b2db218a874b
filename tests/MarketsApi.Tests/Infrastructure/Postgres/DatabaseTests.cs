using System.Net.Sockets;
using MarketsApi.Infrastructure.Jobs;
using MarketsApi.Infrastructure.Postgres;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Postgres;

public sealed class DatabaseTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string TwoRows = "SELECT name FROM (VALUES ('one'), ('two')) AS names (name)";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_rows_where_one_is_expected_are_an_error_in_and_outside_a_transaction()
    {
        var database = api.Host.Services.GetRequiredService<Database>();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            database.QuerySingleOrDefaultAsync<string>(TwoRows, null, Token)
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            database.TransactAsync(
                (transaction, token) => transaction.QuerySingleOrDefaultAsync<string>(TwoRows, null, token),
                Token
            )
        );
    }

    [Fact]
    public void Only_what_the_database_threw_makes_it_unavailable()
    {
        Assert.True(DatabaseErrors.IsUnavailable(new NpgsqlException("away")));
        Assert.True(DatabaseErrors.IsUnavailable(new InvalidOperationException("", new NpgsqlException("away"))));
        Assert.True(DatabaseErrors.IsUnavailable(new DatabaseBusyException()));
        Assert.False(DatabaseErrors.IsUnavailable(new TimeoutException("an embedding provider's")));
        Assert.False(DatabaseErrors.IsUnavailable(new SocketException()));
    }

    [Fact]
    public void Jobs_take_the_database_that_waits_for_a_connection()
    {
        var parameters = typeof(IJob)
            .Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IJob)))
            .SelectMany(type => type.GetConstructors())
            .SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.ParameterType == typeof(Database))
            .ToList();
        Assert.NotEmpty(parameters);

        Assert.All(
            parameters,
            parameter =>
                Assert.True(
                    parameter
                        .GetCustomAttributes(typeof(FromKeyedServicesAttribute), false)
                        .OfType<FromKeyedServicesAttribute>()
                        .Any(attribute => Equals(attribute.Key, Database.ForJobs)),
                    $"{parameter.Member.DeclaringType}: take [FromKeyedServices(Database.ForJobs)] Database."
                )
        );
    }
}
