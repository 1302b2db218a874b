using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace MakeModel;

/// <summary>
/// Stores a model's large tables as 8-bit integers: a quarter of the file and half of the time. Matrices are multiplied as integers,
/// with the other side quantized when it is known; what is looked up by row is made a float again afterwards.
/// </summary>
internal static class Quantizer
{
    /// <summary>Below this many numbers there is nothing to gain.</summary>
    private const int Least = 4096;

    /// <summary>Seven bits: with eight, processors without VNNI overflow when they add two products, and results differ between machines.</summary>
    private const float LargestOfMatrix = 63;

    private const float LargestOfRow = 127;

    public static void Quantize(GraphProto graph)
    {
        var tables = graph.Initializer.ToDictionary(table => table.Name);
        var inputs = new HashSet<string>();
        var nodes = graph.Node.ToList();
        graph.Node.Clear();
        foreach (var node in nodes)
        {
            switch (node.OpType)
            {
                case "MatMul" when Find(node.Input[1]) is { } matrix:
                    ReplaceMatMul(graph, node, matrix, inputs);
                    break;
                case "Gather" when Find(node.Input[0]) is { } rows:
                    ReplaceGather(graph, node, rows);
                    break;
                default:
                    graph.Node.Add(node);
                    break;
            }
        }

        TensorProto? Find(string name) =>
            tables.TryGetValue(name, out var table)
            && table is { DataType: (int)TensorProto.Types.DataType.Float, Dims.Count: 2 }
            && table.Dims[0] * table.Dims[1] >= Least
                ? table
                : null;
    }

    /// <summary>A · B with one scale for each column of B. Products that share A share its quantized form.</summary>
    private static void ReplaceMatMul(GraphProto graph, NodeProto node, TensorProto matrix, HashSet<string> inputs)
    {
        var a = node.Input[0];
        if (inputs.Add(a))
        {
            Add(graph, "DynamicQuantizeLinear", [a], [$"{a}_q", $"{a}_scale", $"{a}_zero"]);
        }

        var b = matrix.Name;
        var (rows, columns) = ((int)matrix.Dims[0], (int)matrix.Dims[1]);
        var values = MemoryMarshal.Cast<byte, float>(matrix.RawData.Span);
        var scales = new float[columns];
        for (var i = 0; i < values.Length; i++)
        {
            scales[i % columns] = Math.Max(scales[i % columns], Math.Abs(values[i]) / LargestOfMatrix);
        }

        var bytes = new sbyte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            bytes[i] = Round(values[i], scales[i % columns]);
        }

        graph.Initializer.Remove(matrix);
        Add(graph, $"{b}_q", TensorProto.Types.DataType.Int8, bytes, rows, columns);
        Add(graph, $"{b}_scale", TensorProto.Types.DataType.Float, scales, columns);
        Add(graph, $"{b}_zero", TensorProto.Types.DataType.Int8, new sbyte[columns], columns);

        var y = node.Output[0];
        Add(graph, "MatMulInteger", [$"{a}_q", $"{b}_q", $"{a}_zero", $"{b}_zero"], [$"{y}_integer"]);
        Add(graph, "Cast", [$"{y}_integer"], [$"{y}_cast"]).Attribute.Add(ToFloat());
        Add(graph, "Mul", [$"{a}_scale", $"{b}_scale"], [$"{y}_scale"]);
        Add(graph, "Mul", [$"{y}_cast", $"{y}_scale"], [y]);
    }

    /// <summary>Rows of a table with one scale for each row.</summary>
    private static void ReplaceGather(GraphProto graph, NodeProto node, TensorProto table)
    {
        var (rows, columns) = ((int)table.Dims[0], (int)table.Dims[1]);
        var values = MemoryMarshal.Cast<byte, float>(table.RawData.Span);
        var scales = new float[rows];
        var bytes = new sbyte[values.Length];
        for (var row = 0; row < rows; row++)
        {
            var range = row * columns;
            foreach (var value in values.Slice(range, columns))
            {
                scales[row] = Math.Max(scales[row], Math.Abs(value) / LargestOfRow);
            }

            for (var i = range; i < range + columns; i++)
            {
                bytes[i] = Round(values[i], scales[row]);
            }
        }

        graph.Initializer.Remove(table);
        var t = table.Name;
        Add(graph, $"{t}_q", TensorProto.Types.DataType.Int8, bytes, rows, columns);
        Add(graph, $"{t}_scale", TensorProto.Types.DataType.Float, scales, rows, 1);

        var y = node.Output[0];
        Add(graph, "Gather", [$"{t}_q", node.Input[1]], [$"{y}_integer"]).Attribute.Add(node.Attribute);
        Add(graph, "Gather", [$"{t}_scale", node.Input[1]], [$"{y}_scale"]).Attribute.Add(node.Attribute);
        Add(graph, "Cast", [$"{y}_integer"], [$"{y}_cast"]).Attribute.Add(ToFloat());
        Add(graph, "Mul", [$"{y}_cast", $"{y}_scale"], [y]);
    }

    private static sbyte Round(float value, float scale) => scale == 0 ? (sbyte)0 : (sbyte)MathF.Round(value / scale);

    private static AttributeProto ToFloat() =>
        new()
        {
            Name = "to",
            Type = AttributeProto.Types.AttributeType.Int,
            I = (long)TensorProto.Types.DataType.Float,
        };

    private static NodeProto Add(GraphProto graph, string operation, string[] inputs, string[] outputs)
    {
        var node = new NodeProto { OpType = operation, Name = $"{outputs[0]}_{operation}" };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        graph.Node.Add(node);
        return node;
    }

    private static void Add<T>(
        GraphProto graph,
        string name,
        TensorProto.Types.DataType type,
        T[] values,
        params ReadOnlySpan<int> dimensions
    )
        where T : struct
    {
        var table = new TensorProto
        {
            Name = name,
            DataType = (int)type,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values)),
        };
        foreach (var dimension in dimensions)
        {
            table.Dims.Add(dimension);
        }

        graph.Initializer.Add(table);
    }
}
