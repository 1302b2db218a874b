using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MarketsApi.Infrastructure.Health;
using MarketsApi.Infrastructure.Settings;
using MarketsApi.Tests.Infrastructure.Settings;
using MarketsApi.Tests.Support;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace MarketsApi.Tests.Deploy;

/// <summary>The manifests, the compose file and the Dockerfile agree with the program and with each other.</summary>
public sealed class ManifestTests
{
    private const string Folder = "deploy/kubernetes";

    private static readonly string Dockerfile = File.ReadAllText(Path.Combine(SourceTree.Root, "Dockerfile"));

    private static readonly JsonObject Config = Manifest("config.yaml");
    private static readonly JsonObject Deployment = Manifest("deployment.yaml");
    private static readonly JsonObject Migration = Manifest("migrate.yaml");

    private static JsonNode Container => Deployment.At("spec", "template", "spec", "containers", 0);

    [Fact]
    public void Every_manifest_is_applied_but_the_example_of_the_secret()
    {
        var listed = Manifest("kustomization.yaml").At("resources").AsArray().Select(file => file!.ToString());
        var there = Directory
            .GetFiles(Path.Combine(SourceTree.Root, Folder))
            .Select(file => Path.GetFileName(file))
            .Except(["kustomization.yaml", "secret.example.yaml", "secret-migrate.example.yaml"]);
        Assert.Equal(there.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Settings_have_names_that_the_program_knows()
    {
        var compose = Yaml.Read("compose.yaml");
        var names = Names(Config.At("data"))
            .Concat(Names(Manifest("secret.example.yaml").At("stringData")))
            .Concat(Names(compose.At("services", "api", "environment")))
            .Concat(
                Regex
                    .Matches(Dockerfile, @"^\s*(?:ENV )?(\w+__\w+)=", RegexOptions.Multiline)
                    .Select(one => one.Groups[1].Value)
            )
            .ToList();

        Assert.Contains("Shutdown__DrainSeconds", names);
        Assert.Empty(
            names
                .Except(["PORT", "JWT_SECRET", "ASPNETCORE_ENVIRONMENT"])
                .Except(
                    SettingsTextTests.Settings.Keys.Select(name => name.Replace(":", "__", StringComparison.Ordinal))
                )
        );
    }

    [Fact]
    public void Ports_and_probes_are_the_program_s()
    {
        var port = Regex.Match(Dockerfile, @"^EXPOSE (\d+)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Equal(port, Config.Text("data", "PORT"));
        Assert.Equal(port, Container.Text("ports", 0, "containerPort"));
        Assert.Equal(
            Container.Text("ports", 0, "name"),
            Manifest("service.yaml").Text("spec", "ports", 0, "targetPort")
        );
        Assert.Equal(HealthSetup.Ready, Container.Text("readinessProbe", "httpGet", "path"));
        Assert.Equal(HealthSetup.Live, Container.Text("livenessProbe", "httpGet", "path"));
        Assert.Equal(HealthSetup.Live, Container.Text("startupProbe", "httpGet", "path"));
        foreach (var probe in (string[])["readinessProbe", "livenessProbe", "startupProbe"])
        {
            Assert.Equal("http", Container.Text(probe, "httpGet", "port"));
        }
    }

    [Fact]
    public void Pods_run_as_the_image_s_user_and_can_write_nowhere()
    {
        var user = Regex.Match(Dockerfile, @"^USER (\d+)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.NotEqual("0", user);
        foreach (var pod in new[] { Deployment, Migration }.Select(one => one.At("spec", "template", "spec")))
        {
            Assert.Equal(user, pod.Text("securityContext", "runAsUser"));
            Assert.Equal("true", pod.Text("securityContext", "runAsNonRoot"));
            Assert.Equal("RuntimeDefault", pod.Text("securityContext", "seccompProfile", "type"));
            var container = pod.At("containers", 0, "securityContext");
            Assert.Equal("true", container.Text("readOnlyRootFilesystem"));
            Assert.Equal("false", container.Text("allowPrivilegeEscalation"));
            Assert.Equal("ALL", container.Text("capabilities", "drop", 0));
        }
    }

    [Fact]
    public void Names_and_labels_meet()
    {
        var label = Deployment.At("spec", "template", "metadata", "labels");
        Assert.True(JsonNode.DeepEquals(label, Deployment.At("spec", "selector", "matchLabels")));
        Assert.True(JsonNode.DeepEquals(label, Manifest("service.yaml").At("spec", "selector")));
        Assert.True(JsonNode.DeepEquals(label, Manifest("disruption.yaml").At("spec", "selector", "matchLabels")));
        Assert.Equal(
            Deployment.Text("metadata", "name"),
            Manifest("autoscaling.yaml").Text("spec", "scaleTargetRef", "name")
        );
        Assert.Equal(Container.Text("image"), Manifest("kustomization.yaml").Text("images", 0, "name"));
        foreach (var container in new[] { Container, Migration.At("spec", "template", "spec", "containers", 0) })
        {
            Assert.Equal(Config.Text("metadata", "name"), container.Text("envFrom", 0, "configMapRef", "name"));
            Assert.Equal(
                Manifest("secret.example.yaml").Text("metadata", "name"),
                container.Text("envFrom", 1, "secretRef", "name")
            );
        }

        Assert.Contains(
            SourceTree.Files,
            file =>
                file.IsIn("Features")
                && file.Text.Contains(
                    $"\"{Migration.Text("spec", "template", "spec", "containers", 0, "args", 0)}\"",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Only_the_migration_connects_as_the_owner_of_the_tables()
    {
        var owner = Manifest("secret-migrate.example.yaml");

        Assert.Equal(
            owner.Text("metadata", "name"),
            Migration.Text("spec", "template", "spec", "containers", 0, "envFrom", 2, "secretRef", "name")
        );
        Assert.Equal(2, Container.At("envFrom").AsArray().Count);
        Assert.NotEqual(
            owner.Text("stringData", "ConnectionStrings__Postgres"),
            Manifest("secret.example.yaml").Text("stringData", "ConnectionStrings__Postgres")
        );
        Assert.Equal("false", Config.Text("data", "Database__MigrateOnStart"));
    }

    [Fact]
    public void Only_the_proxies_that_are_believed_reach_the_pods()
    {
        var policy = Manifest("network.yaml").At("spec");
        var rule = Assert.Single(policy.At("ingress").AsArray())!;

        Assert.NotEmpty(SettingList.Parse(Config.Text("data", "ForwardedHeaders__KnownProxies")));
        Assert.Empty(policy.At("podSelector").AsObject());
        Assert.Equal(Container.Text("ports", 0, "name"), rule.Text("ports", 0, "port"));
        Assert.NotEqual("", rule.Text("from", 0, "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"));
    }

    [Fact]
    public void A_pod_has_time_to_drain_and_to_end()
    {
        var drain = Number(Config.Text("data", "Shutdown__DrainSeconds"));
        var grace = Number(Deployment.Text("spec", "template", "spec", "terminationGracePeriodSeconds"));
        var ending = new HostOptions().ShutdownTimeout.TotalSeconds;

        Assert.InRange(drain, 1, 300);
        Assert.True(grace >= drain + ending, $"{grace} s are less than {drain} s and {ending} s.");
        Assert.Equal("0", Deployment.Text("spec", "strategy", "rollingUpdate", "maxUnavailable"));
    }

    [Fact]
    public void Compose_waits_for_the_tables_and_gives_the_api_nothing_to_write_to()
    {
        var services = Yaml.Read("compose.yaml").At("services");
        var api = services.At("api");

        Assert.Equal("service_completed_successfully", api.Text("depends_on", "migrate", "condition"));
        Assert.Equal("service_healthy", services.Text("migrate", "depends_on", "postgres", "condition"));
        Assert.Equal("true", api.Text("read_only"));
        Assert.Equal("ALL", api.Text("cap_drop", 0));
        Assert.Equal("no-new-privileges:true", api.Text("security_opt", 0));
        Assert.StartsWith("pgvector/pgvector:", services.Text("postgres", "image"), StringComparison.Ordinal);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static JsonObject Manifest(string name) => Yaml.Read(Folder, name);

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(one => one.Key);
}
