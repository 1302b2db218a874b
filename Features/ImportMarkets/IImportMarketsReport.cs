namespace MarketsApi.Features.ImportMarkets;

/// <summary>What people see of an import while it runs.</summary>
internal interface IImportMarketsReport
{
    /// <summary>A line doesn't go in.</summary>
    void Reject(long line, string reason);

    /// <summary>So many lines have been read, and such a share of the file, from 0 to 1; null when its size isn't known.</summary>
    void Advance(long lines, double? share);

    /// <summary>All lines have been read; the database goes on alone.</summary>
    void Store();
}
