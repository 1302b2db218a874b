namespace Carter;

/// <summary>A set of routes that is found and mapped at start. Stand-in for the type of the same name in Carter 10.</summary>
public interface ICarterModule
{
    /// <summary>Adds this module's routes to <paramref name="app"/>; called once, at start.</summary>
    void AddRoutes(IEndpointRouteBuilder app);
}
