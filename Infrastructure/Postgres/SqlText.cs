using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>A statement with constant fragments put into it, for lists whose filters and order vary.</summary>
/// <remarks>
/// Each combination is a statement of its own, with its own prepared plan: <c>@p IS NULL OR …</c> would give all of them one plan,
/// which is right for none. Nothing but constants can be added (CA1857 is an error), so no input reaches the text.
/// </remarks>
public sealed class SqlText
{
    private const string Filters = "/* filters */";

    private readonly StringBuilder _fragments = new(1024);
    private string? _statement;

    /// <summary>A statement that is nothing but fragments, in their order.</summary>
    public SqlText() { }

    /// <summary>A whole statement that runs as it stands, with comments where fragments go: those added at <c>/* filters */</c>, others by <see cref="Put"/>.</summary>
    public SqlText([ConstantExpected] string statement) => _statement = statement;

    /// <summary>A whole statement with comments where fragments go.</summary>
    public SqlText(SqlFragment statement) => _statement = statement.Text;

    /// <summary>Adds a fragment on a line of its own.</summary>
    public SqlText Add([ConstantExpected] string fragment)
    {
        _fragments.Append(fragment).Append('\n');
        return this;
    }

    /// <summary>Adds a fragment on a line of its own.</summary>
    public SqlText Add(SqlFragment fragment)
    {
        _fragments.Append(fragment.Text).Append('\n');
        return this;
    }

    /// <summary>Adds a fragment on a line of its own, when the condition holds.</summary>
    public SqlText AddIf(bool condition, [ConstantExpected] string fragment) => condition ? Add(fragment) : this;

    /// <summary>Adds a fragment on a line of its own, when the condition holds.</summary>
    public SqlText AddIf(bool condition, SqlFragment fragment) => condition ? Add(fragment) : this;

    /// <summary>Puts a fragment wherever the statement has a comment; one that nothing is put in place of stays a comment.</summary>
    public SqlText Put([ConstantExpected] string comment, SqlFragment fragment)
    {
        _statement = _statement?.Replace(comment, fragment.Text, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Puts a condition at <c>/* after */</c>, when there is a cursor to begin behind.</summary>
    public SqlText AddAfter(bool hasCursor, SqlFragment condition) => hasCursor ? Put("/* after */", condition) : this;

    /// <summary>The same statement with nothing left to put in, so that it can be kept.</summary>
    public SqlText Done() => new() { _statement = ToString() };

    /// <summary>The statement.</summary>
    public override string ToString() =>
        _statement?.Replace(Filters, _fragments.ToString(), StringComparison.Ordinal) ?? _fragments.ToString();
}

/// <summary>A constant part of a statement, so that a table of alternatives can hold it.</summary>
public readonly record struct SqlFragment
{
    /// <summary>Takes nothing but a constant (CA1857 is an error).</summary>
    public SqlFragment([ConstantExpected] string text) => Text = text;

    /// <summary>The text.</summary>
    public string Text { get; }
}
