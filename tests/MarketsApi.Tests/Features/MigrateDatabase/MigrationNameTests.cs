using MarketsApi.Infrastructure.Postgres;
using Xunit;

namespace MarketsApi.Tests.Features.MigrateDatabase;

public sealed class MigrationNameTests
{
    [Theory]
    [InlineData("ratings.sql")]
    [InlineData("20270131_ratings.sql")]
    [InlineData("2027_01_31_ratings.sql")]
    [InlineData("20270131_01_Ratings.sql")]
    public void A_name_without_a_place_in_the_order_is_rejected_with_the_form_it_needs(string name)
    {
        var error = Assert.Throws<MigrationException>(() => Migration.Demand(name));

        Assert.Equal(
            $"migration {name} is named wrongly: migrations are applied in the order of their names, so name it by day, number and content, like 20270131_01_ratings.sql.",
            error.Message
        );
    }

    [Fact]
    public void Those_of_the_program_have_their_place()
    {
        Migration.Demand("20270131_01_ratings.sql");
        Assert.True(Migration.All().Count >= 5, "found no migrations");
    }
}
