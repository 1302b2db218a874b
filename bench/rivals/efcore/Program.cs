// The markets as a good user of ASP.NET Core and EF Core writes them: one process, pooled contexts, compiled queries
// without tracking, columns updated without being read, statements that Npgsql prepares, items in a HybridCache (memory
// and Redis), JSON and validation by source generators.
// It leaves out what MarketsApi does beside: history, search, jobs, entity tags, idempotency keys, cursors, drafts,
// limits, the log of requests. A second process would see a change only when its own copies end, after five seconds.
using System.Text;
using MarketsApi.EfCore;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.IdentityModel.Tokens;

var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration;
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);

// As Npgsql's page on performance advises.
var postgres =
    $"{settings.GetConnectionString("Postgres")};Max Auto Prepare=50;Auto Prepare Min Usages=2;No Reset On Close=true";
builder.Services.AddDbContextPool<MarketsDb>(options => options.UseNpgsql(postgres));
builder.Services.AddStackExchangeRedisCache(options =>
{
    options.Configuration = settings.GetConnectionString("Redis");
    options.InstanceName = "efcore:";
});
builder.Services.AddHybridCache(options =>
    options.DefaultEntryOptions = new HybridCacheEntryOptions
    {
        Expiration = TimeSpan.FromMinutes(5),
        LocalCacheExpiration = TimeSpan.FromSeconds(5),
    }
);
builder
    .Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
    .AddJwtBearer(options =>
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(settings["Auth:Secret"]!)),
        };
    });
builder.Services.AddAuthorization();
builder.Services.AddProblemDetails();
builder.Services.AddValidation();
builder.Services.ConfigureHttpJsonOptions(options =>
    options.SerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default)
);

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
var markets = app.MapGroup("/api/markets");
markets.MapGet("/", Endpoints.ListAsync);
markets.MapGet("/{id:guid}", Endpoints.GetAsync);
markets.MapPost("/", Endpoints.CreateAsync).RequireAuthorization();
markets.MapPatch("/{id:guid}", Endpoints.UpdateAsync).RequireAuthorization();
markets.MapPost("/{id:guid}/positions", Endpoints.OpenPositionAsync).RequireAuthorization();
await app.RunAsync();
