using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>A statement put together from constant fragments, for lists whose filters and order vary.</summary>
/// <remarks>
/// Each combination is a statement of its own, with its own prepared plan: <c>@p IS NULL OR …</c> would give all of them one plan,
/// which is right for none. Nothing but constants can be added (CA1857 is an error), so no input reaches the text.
/// </remarks>
public sealed class SqlText
{
    private readonly StringBuilder _text = new(1024);

    /// <summary>Adds a fragment on a line of its own.</summary>
    public SqlText Add([ConstantExpected] string fragment)
    {
        _text.Append(fragment).Append('\n');
        return this;
    }

    /// <summary>Adds a fragment on a line of its own.</summary>
    public SqlText Add(SqlFragment fragment)
    {
        _text.Append(fragment.Text).Append('\n');
        return this;
    }

    /// <summary>Adds a fragment on a line of its own, when the condition holds.</summary>
    public SqlText AddIf(bool condition, [ConstantExpected] string fragment) => condition ? Add(fragment) : this;

    /// <summary>Adds a fragment on a line of its own, when the condition holds.</summary>
    public SqlText AddIf(bool condition, SqlFragment fragment) => condition ? Add(fragment) : this;

    /// <summary>The statement.</summary>
    public override string ToString() => _text.ToString();
}

/// <summary>A constant part of a statement, so that a table of alternatives can hold it.</summary>
public readonly record struct SqlFragment
{
    /// <summary>Only a constant will do (CA1857 is an error).</summary>
    public SqlFragment([ConstantExpected] string text) => Text = text;

    /// <summary>The text.</summary>
    public string Text { get; }
}
