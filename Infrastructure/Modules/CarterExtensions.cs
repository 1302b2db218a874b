using System.Reflection;

namespace Carter;

/// <summary>Finding and mapping modules. Stand-in for the methods of the same names in Carter 10.</summary>
public static class CarterExtensions
{
    /// <summary>Registers each public, concrete <see cref="ICarterModule"/> of the catalog as a singleton.</summary>
    public static IServiceCollection AddCarter(
        this IServiceCollection services,
        DependencyContextAssemblyCatalog? assemblyCatalog = null,
        Action<CarterConfigurator>? configurator = null
    )
    {
        var catalog = assemblyCatalog ?? new DependencyContextAssemblyCatalog(Assembly.GetEntryAssembly()!);
        var configuration = new CarterConfigurator();
        configurator?.Invoke(configuration);
        services.AddSingleton(configuration);

        var modules = catalog
            .GetAssemblies()
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsAbstract: false, IsPublic: true } && type.IsAssignableTo(typeof(ICarterModule)));
        foreach (var module in modules)
        {
            services.AddSingleton(typeof(ICarterModule), module);
        }

        return services;
    }

    /// <summary>Maps the routes of every registered module onto <paramref name="builder"/>.</summary>
    public static IEndpointRouteBuilder MapCarter(this IEndpointRouteBuilder builder)
    {
        foreach (var module in builder.ServiceProvider.GetServices<ICarterModule>())
        {
            module.AddRoutes(builder);
        }

        return builder;
    }
}
