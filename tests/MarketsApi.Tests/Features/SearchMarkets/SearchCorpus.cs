using MarketsApi.Tests.Features.Shared;
using MarketsApi.Tests.Support;

namespace MarketsApi.Tests.Features.SearchMarkets;

/// <summary>A few dozen markets as people write them.</summary>
public sealed class SearchCorpus : ApiFixture
{
    private static readonly (string, string)[] Texts =
    [
        ("Will the government shutdown end before February?", "Resolves yes when a funding bill is signed."),
        ("Will there be another shutdown of the federal government in autumn?", ""),
        ("Who wins the chess world championship?", "The match is over fourteen classical games."),
        (
            "Will a grandmaster under sixteen play in the candidates tournament?",
            "About chess, by the federation's list."
        ),
        ("Does Bitcoin close above $100,000 this year?", "By the price at midnight of the last day."),
        ("Will bitcoin mining be banned in another country?", ""),
        ("Will Éric Lefèvre be elected mayor of Besançon?", "By the official result."),
        ("Does Recep Doğan remain in office?", ""),
        ("Will the central bank raise interest rates in March?", "The target range, after the committee's meeting."),
        ("How many rate hikes will there be until summer?", "Counted by the central bank's announcements."),
        ("Will the U.S. Senate confirm the nominee?", ""),
        ("USDT, USDC or USDE: does any lose a tenth?", ""),
        ("Will UFC276 sell out?", ""),
        ("Does unemployment fall below 4%?", "As the statistics office reports it."),
        ("Will a hurricane make landfall in Florida in June?", "Of category one or stronger."),
        ("Is the harbour bridge reopened in time?", "The bridge carries trains and cars over the river."),
        ("Will the space telescope find water on an exoplanet?", "In a reviewed paper."),
        ("Will humans walk on Mars by 2035?", "Any nation or company."),
        ("Will a rover find traces of life?", "On Mars, by the agency's own word."),
        ("To be or not to be: does the theatre open?", ""),
        ("Will the orchestra play all nine symphonies?", "In one season, in the concert hall."),
        ("Does the vaccine against malaria reach a million children?", ""),
        ("Will electric cars outsell petrol cars?", "New registrations in one month."),
        ("Does the film win best picture?", "At the academy's ceremony."),
        ("Will the ceasefire hold until Easter?", ""),
        ("Is the tunnel between the islands finished?", "Both tubes open to traffic."),
    ];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await this.PutAsync(null, Texts);
        await this.RefreshAsync();
    }
}
