using System.Collections.Concurrent;
using System.Data;
using System.Reflection;
using Dapper;
using Npgsql;

namespace MarketsApi.Infrastructure.Postgres;

/// <summary>What a statement that writes any number of rows returns for one of them.</summary>
public interface IRowResult
{
    /// <summary>The row's place among those that the statement was given, from 1: what <c>unnest(…) WITH ORDINALITY</c> counts.</summary>
    long RowNumber { get; }
}

/// <summary>A row and the statement that writes it, or any number of rows.</summary>
internal sealed record RowWrite(string Sql, object Row)
{
    /// <summary>What goes in the same batch.</summary>
    public static Key KeyOf(IReadOnlyList<RowWrite> writes) => new(writes[writes.Count / 2].Sql, writes.Count);

    /// <summary>The statements of all, each with the rows that all have for it.</summary>
    public static (string Sql, object Parameters) Join(IReadOnlyList<IReadOnlyList<RowWrite>> all)
    {
        // What is sent together, outside any transaction, is one to the server.
        var parameters = new DynamicParameters();
        for (var i = 0; i < all[0].Count; i++)
        {
            parameters.AddDynamicParams(RowParameters.Of([.. all.Select(writes => writes[i].Row)]));
        }

        return (string.Join(";\n", all[0].Select(write => write.Sql)), parameters);
    }

    /// <param name="Sql">The statement that differs between endpoints.</param>
    /// <param name="Count">How many there are with it.</param>
    internal readonly record struct Key(string Sql, int Count);
}

/// <summary>The parameters of a statement that writes any number of rows: for each property of a row, an array with the values of all rows.</summary>
internal static class RowParameters
{
    private static readonly ConcurrentDictionary<Type, Column[]> ColumnsOf = new();

    /// <param name="rows">At least one; all of the same type.</param>
    public static DynamicParameters Of(params IReadOnlyList<object> rows)
    {
        var parameters = new DynamicParameters();
        foreach (
            var column in ColumnsOf.GetOrAdd(
                rows[0].GetType(),
                static type => [.. type.GetProperties().Select(Column.Of)]
            )
        )
        {
            parameters.Add(column.Name, column.Values(rows));
        }

        return parameters;
    }

    private abstract class Column(string name)
    {
        public string Name => name;

        public static Column Of(PropertyInfo property) =>
            (Column)
                Activator.CreateInstance(
                    typeof(Column<,>).MakeGenericType(property.DeclaringType!, property.PropertyType),
                    property
                )!;

        public abstract SqlMapper.ICustomQueryParameter Values(IReadOnlyList<object> rows);
    }

    private sealed class Column<TRow, TValue>(PropertyInfo property) : Column(property.Name)
    {
        private readonly Func<TRow, TValue> _get = property.GetMethod!.CreateDelegate<Func<TRow, TValue>>();

        public override SqlMapper.ICustomQueryParameter Values(IReadOnlyList<object> rows)
        {
            var values = new TValue[rows.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = _get((TRow)rows[i]);
            }

            return new ArrayParameter<TValue>(values);
        }
    }

    /// <summary>Tells Npgsql the type, which it would otherwise look up for each value.</summary>
    private sealed class ArrayParameter<T>(T[] values) : SqlMapper.ICustomQueryParameter
    {
        public void AddParameter(IDbCommand command, string name) =>
            command.Parameters.Add(new NpgsqlParameter<T[]>(name, values));
    }
}
