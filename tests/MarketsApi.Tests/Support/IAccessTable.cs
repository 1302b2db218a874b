namespace MarketsApi.Tests.Support;

/// <summary>Says who may use an endpoint. Each slice with one has an implementation among its tests, which AuthorizationMatrixTests finds.</summary>
public interface IAccessTable
{
    /// <summary>The rows: one for the endpoint, and one for drafts where that makes a difference.</summary>
    IEnumerable<AccessRow> Rows { get; }
}
