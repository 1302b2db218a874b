using System.Text.Json.Nodes;
using MarketsApi.Tests.Support;
using YamlDotNet.Serialization;

namespace MarketsApi.Tests.Deploy;

/// <summary>YAML files of the repository, as JSON.</summary>
internal static class Yaml
{
    /// <summary>A file that holds one document; aliases and merge keys are put in.</summary>
    public static JsonObject Read(params string[] path)
    {
        using var file = File.OpenText(Path.Combine([SourceTree.Root, .. path]));
        var parser = new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(file));
        var content = new DeserializerBuilder()
            .WithAttemptingUnquotedStringTypeDeserialization()
            .Build()
            .Deserialize(parser);
        var json = new SerializerBuilder().JsonCompatible().Build().Serialize(content);
        return JsonNode.Parse(json)!.AsObject();
    }

    /// <summary>What is at this path of names and numbers; fails where there is nothing.</summary>
    public static JsonNode At(this JsonNode node, params object[] path) =>
        path.Aggregate(
            node,
            (at, step) =>
                (step is int index ? at.AsArray()[index] : at[(string)step])
                ?? throw new InvalidOperationException($"There is no {step} of {string.Join('.', path)}.")
        );

    /// <summary>What is there, as text.</summary>
    public static string Text(this JsonNode node, params object[] path) => node.At(path).ToString();
}
