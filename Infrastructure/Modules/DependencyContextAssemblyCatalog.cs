using System.Reflection;

namespace Carter;

/// <summary>The assemblies that are searched for modules. Stand-in for the type of the same name in Carter 10.</summary>
public class DependencyContextAssemblyCatalog(params Assembly[] assemblies)
{
    /// <summary>The assemblies, in the order given.</summary>
    public virtual IReadOnlyCollection<Assembly> GetAssemblies() => assemblies;
}
