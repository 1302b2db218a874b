using System.Diagnostics.CodeAnalysis;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>A constant part of a statement, so that a table of alternatives can hold it.</summary>
public readonly record struct SqlFragment
{
    /// <summary>Only a constant will do (CA1857 is an error).</summary>
    public SqlFragment([ConstantExpected] string text) => Text = text;

    /// <summary>The text.</summary>
    public string Text { get; }
}
