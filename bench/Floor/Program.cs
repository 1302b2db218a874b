// What any HTTP answer costs on Kestrel: one body from memory, whatever is asked. Nothing else is in the pipeline.
// Arguments: the address to listen on, the file with the body, its content type, and the status (200 when left out).
var (address, contentType) = (args[0], args[2]);
var body = await File.ReadAllBytesAsync(args[1]);
var status = args is [_, _, _, var text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 200;

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().UseUrls(address);
builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);
var app = builder.Build();
app.Run(context =>
{
    context.Response.StatusCode = status;
    context.Response.ContentType = contentType;
    context.Response.ContentLength = body.Length;
    return context.Response.Body.WriteAsync(body, 0, body.Length);
});
await app.RunAsync();
