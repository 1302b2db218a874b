using Microsoft.Extensions.Primitives;

// What any HTTP response costs on Kestrel: the same bytes from memory for every request. Nothing else is in the pipeline.
// Arguments: the address to listen on, the file with the body, its content type, the status (200 when left out), and a file with the
// response as curl -D writes it, whose other headers are sent as well.
var (address, contentType) = (args[0], args[2]);
var body = await File.ReadAllBytesAsync(args[1]);
var status = args is [_, _, _, var text, ..] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 200;
string[] ofTheServer = ["Date", "Content-Type", "Content-Length", "Transfer-Encoding", "Connection"];
KeyValuePair<string, StringValues>[] headers = args is [_, _, _, _, var file]
    ?
    [
        .. (await File.ReadAllLinesAsync(file))
            .Select(line => line.Split(": ", 2))
            .Where(header => header.Length == 2 && !ofTheServer.Contains(header[0], StringComparer.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(header[0], new StringValues(header[1].Trim()))),
    ]
    : [];

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().UseUrls(address);
builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);
var app = builder.Build();
app.Run(context =>
{
    context.Response.StatusCode = status;
    foreach (var (name, value) in headers)
    {
        context.Response.Headers[name] = value;
    }

    context.Response.ContentType = contentType;
    context.Response.ContentLength = body.Length;
    return context.Response.Body.WriteAsync(body, 0, body.Length);
});
await app.RunAsync();
