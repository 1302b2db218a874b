using MarketsApi.Tests.Support;
using Xunit;

namespace MarketsApi.Tests.Pipeline;

/// <summary>What routes and their options require, on routes that no slice has.</summary>
public sealed class AuthorizationTests(PipelineFixture api) : IClassFixture<PipelineFixture>
{
    [Theory]
    [InlineData("", null, 200)]
    [InlineData("", "user", 200)]
    [InlineData("?write=true", null, 401)]
    [InlineData("?write=true", "user", 200)]
    [InlineData("?admin=true", "moderator", 403)]
    [InlineData("?admin=true&write=true", "admin", 200)]
    [InlineData("?admin=true", "guest", 403)]
    [InlineData("?write=true", "guest", 403)]
    [InlineData("?write=false&admin=false", null, 200)]
    public async Task Each_option_adds_what_it_needs(string query, string? role, int status)
    {
        using var response = await api.SendAsync(
            "GET",
            "/api/test/options" + query,
            role is null ? null : User.New(role).Token
        );

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("user", 403)]
    [InlineData("admin", 200)]
    public async Task An_option_that_needs_less_than_the_route_opens_nothing(string? role, int status)
    {
        using var response = await api.SendAsync(
            "GET",
            "/api/test/closed?open=true",
            role is null ? null : User.New(role).Token
        );

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("user")]
    [InlineData("admin")]
    public async Task A_route_that_states_no_permission_rejects_every_caller(string? role)
    {
        using var response = await api.SendAsync("GET", "/api/test/silent", role is null ? null : User.New(role).Token);

        Assert.Equal(403, (int)response.StatusCode);
        Assert.DoesNotContain("reached", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
