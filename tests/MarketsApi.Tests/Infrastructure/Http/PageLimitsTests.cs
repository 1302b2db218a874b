using MarketsApi.Infrastructure.Http.Paging;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Http;

public sealed class PageLimitsTests
{
    /// <summary>SQL texts are constants, and a constant text can't be made of a number.</summary>
    [Fact]
    public void Are_the_same_in_SQL()
    {
        Assert.Equal(PageLimits.Max + 1, int.Parse(PageLimits.MaxRows, null));
        Assert.Equal(PageLimits.MaxOffset + PageLimits.Max + 1, int.Parse(PageLimits.MaxRowsWithOffset, null));
    }
}
