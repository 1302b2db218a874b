using MarketsApi.Infrastructure.Postgres;
using Npgsql;
using Xunit;

namespace MarketsApi.Tests.Infrastructure.Postgres;

/// <summary>A database's URL means what it means to PostgreSQL's own clients.</summary>
public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://u:p@h:6432/db", "Host=h;Port=6432;Username=u;Password=p;Database=db")]
    [InlineData("postgresql://u@h/db", "Host=h;Username=u;Database=db")]
    [InlineData("postgres://u%40x:p%3F" + "q%2F@h/a%20b", "Host=h;Username=u@x;Password='p?q/';Database=a b")]
    [InlineData("postgres://u:p@[::1]:5433/db", "Host=::1;Port=5433;Username=u;Password=p;Database=db")]
    [InlineData(
        "postgres://u:p+" + "q@h/db?application_name=a+b",
        "Host=h;Username=u;Password='p+q';Database=db;Application Name=a+b"
    )]
    [InlineData("postgres://h1:5433,h2:5434/db", "Host=\"h1:5433,h2:5434\";Database=db")]
    [InlineData("postgres://u:p@h1,[::2]:5434/db", "Host=\"h1,[::2]:5434\";Username=u;Password=p;Database=db")]
    [InlineData("postgres:///db?host=h1,h2&port=5433,5434", "Host=\"h1:5433,h2:5434\";Database=db")]
    [InlineData("postgres:///db?port=5433,5434&host=h1,h2", "Host=\"h1:5433,h2:5434\";Database=db")]
    [InlineData("postgres:///db?host=h1,h2&port=5433", "Host=\"h1:5433,h2:5433\";Database=db")]
    [InlineData(
        "postgresql:///db?host=/var/run/postgresql&user=me",
        "Host=/var/run/postgresql;Username=me;Database=db"
    )]
    [InlineData("postgres://u:p@/db?host=/tmp&port=5433", "Host=/tmp;Port=5433;Username=u;Password=p;Database=db")]
    [InlineData("postgres://%2Fvar%2Frun%2Fpostgresql/db", "Host=/var/run/postgresql;Database=db")]
    [InlineData("postgres://h?user=u&dbname=db&password=p", "Host=h;Username=u;Password=p;Database=db")]
    [InlineData(
        "postgres://h/db?sslmode=verify-full&channel_binding=require",
        "Host=h;Database=db;SSL Mode=VerifyFull;Channel Binding=Require"
    )]
    [InlineData("postgres://h/db?sslmode=require&sslrootcert=system", "Host=h;Database=db;SSL Mode=Require")]
    [InlineData(
        "postgres://h/db?sslcert=/c&sslkey=/k&sslrootcert=/r",
        "Host=h;Database=db;SSL Certificate=/c;SSL Key=/k;Root Certificate=/r"
    )]
    [InlineData(
        "postgres://h/db?keepalives=1&keepalives_idle=30&keepalives_interval=5",
        "Host=h;Database=db;TCP Keepalive=true;TCP Keepalive Time=30;TCP Keepalive Interval=5"
    )]
    [InlineData(
        "postgres://h/db?connect_timeout=7&options=-c%20jit%3Doff",
        "Host=h;Database=db;Timeout=7;Options=\"-c jit=off\""
    )]
    [InlineData(
        "postgres://h1,h2/db?target_session_attrs=read-write&load_balance_hosts=random",
        "Host=\"h1,h2\";Database=db;Target Session Attributes=read-write;Load Balance Hosts=true"
    )]
    [InlineData(
        "postgres://h/db?gssencmode=disable&client_encoding=utf8&tcp_user_timeout=5000&keepalives_count=3",
        "Host=h;Database=db;GSS Encryption Mode=Disable"
    )]
    [InlineData("postgres://h/db?Maximum%20Pool%20Size=7", "Host=h;Database=db;Maximum Pool Size=7")]
    [InlineData("postgres://h/db?target_session_attrs=read-write", "Host=h;Database=db")]
    [InlineData("Host=h;Username=u", "Host=h;Username=u")]
    [InlineData("Host=h;Password=a b=c", "Host=h;Password=\"a b=c\"")]
    [InlineData("host=h; port=5; password=p", "Host=h;Port=5;Password=p")]
    [InlineData("host=h port=6432 dbname=db user=u", "Host=h;Port=6432;Username=u;Database=db")]
    [InlineData("  host = h  user=u sslmode=verify-full ", "Host=h;Username=u;SSL Mode=VerifyFull")]
    [InlineData("host=h user='a b' password='it\\'s\\\\'", "Host=h;Username='a b';Password=\"it's\\\"")]
    [InlineData("host=h password=a;b%20 user=u", "Host=h;Password=\"a;b%20\";Username=u")]
    [InlineData("port=5433,5434 host=h1,h2", "Host=\"h1:5433,h2:5434\"")]
    [InlineData("port=5433 host=h1,h2", "Host=\"h1:5433,h2:5433\"")]
    [InlineData("host=/var/run/postgresql dbname=db", "Host=/var/run/postgresql;Database=db")]
    [InlineData("Host=h Port=5 Username=u", "Host=h;Port=5;Username=u")]
    public void Urls_are_read_as_libpq_reads_them(string url, string expected) =>
        Assert.Equal(
            new NpgsqlConnectionStringBuilder(expected).OrderBy(pair => pair.Key, StringComparer.Ordinal),
            PostgresAddress.Parse(url).OrderBy(pair => pair.Key, StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("postgres://u:hunter2@h/db?schema=public", "it has the unknown parameter schema; ")]
    [InlineData("postgres://u:hunter2@h/db?pgbouncer=true", "it has the unknown parameter pgbouncer; ")]
    [InlineData("postgres://u:hunter2@h/db?connect_timeout=soon", "it has a wrong value for connect_timeout.")]
    [InlineData("postgres://u:hunter2@h/db?channel_binding=maybe", "it has a wrong value for channel_binding.")]
    [InlineData("postgres://u:hunter2@h:0/db", "it has a port that is not a number from 1 to 65535; ")]
    [InlineData("postgres://u:a/hunter2@h/db", "it has a port that is not a number from 1 to 65535; ")]
    [InlineData("postgres://u:hunter2@/db", "it names no host.")]
    [InlineData("postgres://u:a" + "?hunter2@h/db", "it has an @ behind a question mark; ")]
    [InlineData("postgres://user:hunter2@host:port/x", "it has a port that is not a number from 1 to 65535; ")]
    [InlineData("postgres://u:hunter2@h/db?sslmode=no-verify", "it has a wrong value for sslmode.")]
    [InlineData("Password=hunter2", "it names no host.")]
    [InlineData("postgres://u:%" + "hunter2@h/db", "it has a % without two hexadecimal digits behind it; ")]
    [InlineData("postgres://u:hunter2" + "%@h/db", "it has a % without two hexadecimal digits behind it; ")]
    [InlineData("postgres://u:hunter2@[::1:5432/db", "it has an IPv6 address without its closing bracket.")]
    [InlineData("postgres://u:hunter2@h/db?sslmode", "it has a parameter that is not in the form name=value.")]
    [InlineData("postgres://u:hunter2@h/db?=hunter2", "it has a parameter that is not in the form name=value.")]
    [InlineData("host=h password=hunter2 schema=x", "it has the unknown parameter schema; ")]
    [InlineData("host=h port=x password=hunter2", "it has a port that is not a number from 1 to 65535; ")]
    [InlineData("user=u password=hunter2", "it names no host.")]
    [InlineData("Host=h;Pasword=hunter2", "it has a keyword that Npgsql doesn't know; ")]
    [InlineData("Host=h;Password=a;hunter2=b", "it has a keyword that Npgsql doesn't know; ")]
    [InlineData("hunter2", "it is neither a postgres:// URL nor in the form Host=…;Database=….")]
    [InlineData("Host=h;Port=hunter2", "it has a wrong value for port.")]
    public void Errors_are_reported_without_the_password(string text, string problem)
    {
        var exception = Assert.Throws<FormatException>(() => PostgresAddress.Parse(text));

        Assert.StartsWith(problem, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", exception.Message, StringComparison.Ordinal);
    }
}
