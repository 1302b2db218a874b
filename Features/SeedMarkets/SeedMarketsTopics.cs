namespace MarketsApi.Features.SeedMarkets;

/// <summary>What the generated markets ask.</summary>
internal static class SeedMarketsTopics
{
    /// <summary>All fields, equally likely.</summary>
    public static readonly IReadOnlyList<SeedMarketsTopic> All =
    [
        new(
            "politics",
            [
                "Will {country} hold a national election before {date}?",
                "Will turnout in the next national election in {country} exceed {share}%?",
                "Will the head of government of {country} leave office by {date}?",
                "Will the parliament of {country} pass a law on {policy} by {date}?",
                "Will {country} hold a referendum on {policy} before {date}?",
                "Will the ruling coalition in {country} lose its majority by {date}?",
                "Will a new party win more than {percent}% of the vote in {country} by {date}?",
                "Will {city} elect a mayor from outside the established parties by {date}?",
            ],
            [
                "the official record",
                "at least two major news agencies",
                "the authority in charge of elections and laws",
            ],
            [
                "Events that are announced but happen after the end date do not count.",
                "Acts of an interim office-holder count like those of any other.",
                "If a result is contested, the official one counts.",
            ]
        ),
        new(
            "world",
            [
                "Will {country} and {country2} sign an agreement on {treaty} by {date}?",
                "Will {country} host a summit on {treaty} before {date}?",
                "Will {country} apply to join {bloc} by {date}?",
                "Will {country} open an embassy in {country2} before {date}?",
                "Will {country} and {country2} resume direct flights by {date}?",
                "Will {bloc} admit a new member before {date}?",
                "Will {country} lift visa requirements for citizens of {country2} by {date}?",
            ],
            [
                "official statements of those involved",
                "at least two major news agencies",
                "the United Nations' public records",
            ],
            [
                "A statement of intent is not enough.",
                "Steps of governments in exile do not count.",
                "What is agreed counts even if it takes effect later.",
            ]
        ),
        new(
            "economics",
            [
                "Will inflation in {country} be above {percent}% on {date}?",
                "Will unemployment in {country} fall below {percent}% by {date}?",
                "Will the central bank of {country} cut its key rate before {date}?",
                "Will the central bank of {country} raise its key rate to {percent}% or more by {date}?",
                "Will the economy of {country} shrink for two quarters in a row before {date}?",
                "Will public debt in {country} exceed {share}% of GDP by {date}?",
                "Will {commodity} cost more than {hundreds} dollars at any time before {date}?",
                "Will average rents in {city} rise by more than {percent}% by {date}?",
            ],
            ["official statistics", "the first figures that are published", "the International Monetary Fund"],
            [
                "The first published figure counts; later revisions are ignored.",
                "Seasonally adjusted figures are used where there are both.",
                "Figures are rounded to one decimal before they are compared.",
            ]
        ),
        new(
            "business",
            [
                "Will {company} list its shares on a stock exchange by {date}?",
                "Will {company} buy {company2} before {date}?",
                "Will {company} report annual revenue above {small} billion dollars by {date}?",
                "Will {company} open a factory in {country} by {date}?",
                "Will {company} cut more than {share}% of its jobs before {date}?",
                "Will {company} name a new chief executive by {date}?",
                "Will {company} leave the market in {country} before {date}?",
            ],
            ["the companies' own filings", "the business press", "the public register of companies"],
            [
                "A binding announcement is enough.",
                "Wholly owned subsidiaries count as the company itself.",
                "Amounts in other currencies are converted at that day's reference rate.",
            ]
        ),
        new(
            "technology",
            [
                "Will {company} release {gadget} by {date}?",
                "Will {gadget} cost less than {hundreds} dollars before {date}?",
                "Will {country} ban {gadget} in schools by {date}?",
                "Will more than {share}% of households in {country} own {gadget} by {date}?",
                "Will {city} have driverless taxis in paid service before {date}?",
                "Will a language model score above {share}% on {benchmark} by {date}?",
                "Will {company} publish the weights of its largest language model before {date}?",
                "Will a quantum computer with {thousands} logical qubits be announced by {date}?",
            ],
            ["reviews in the technical press", "official announcements", "public measurements that others can repeat"],
            [
                "Closed trials with invited users do not count.",
                "Claims have to be confirmed by somebody who does not profit from them.",
                "Prototypes do not count.",
            ]
        ),
        new(
            "science",
            [
                "Will {institute} report a confirmed detection of {phenomenon} by {date}?",
                "Will a paper on {phenomenon} with more than {hundreds} citations be retracted before {date}?",
                "Will {institute} start operating its new {instrument} by {date}?",
                "Will the Nobel Prize in {discipline} go to work on {phenomenon} by {date}?",
                "Will a team from {country} be the first to observe {phenomenon} before {date}?",
                "Will funding for {discipline} in {country} rise by more than {percent}% by {date}?",
                "Will an independent group replicate the latest result on {phenomenon} by {date}?",
            ],
            ["papers in peer-reviewed journals", "the institutions' own announcements", "the scientific press"],
            [
                "A preprint is enough if nobody refutes it within a month.",
                "Results that are withdrawn before the end date do not count.",
                "The first public announcement sets the date.",
            ]
        ),
        new(
            "space",
            [
                "Will {agency} launch a mission to {world} by {date}?",
                "Will {agency} land a probe on {ground} before {date}?",
                "Will {agency} carry out more than {small} orbital launches by {date}?",
                "Will {agency} bring back samples from {ground} before {date}?",
                "Will a crew reach {ground} by {date}?",
                "Will {agency} lose contact with a probe at {world} before {date}?",
                "Will more than {thousands} active satellites be in orbit by {date}?",
                "Will a reusable booster of {agency} fly for the {small}th time before {date}?",
            ],
            ["the agencies' own reports", "a public catalogue of space objects", "the mission's own log"],
            [
                "A launch counts from lift-off, even if the payload is lost.",
                "Flights below 100 km are not space flights here.",
                "Times are taken in UTC.",
            ]
        ),
        new(
            "climate",
            [
                "Will {city} record a temperature above {heat} °C before {date}?",
                "Will {country} generate more than {share}% of its electricity from {energy} by {date}?",
                "Will {country} end the use of {fuel} in power plants by {date}?",
                "Will Arctic sea ice fall below {percent} million square kilometres before {date}?",
                "Will {country} raise its carbon price above {share} dollars a tonne by {date}?",
                "Will more than {hundreds} mm of rain fall on {city} in one month before {date}?",
                "Will {country} announce that it misses its emissions target by {date}?",
            ],
            [
                "the national weather and energy services",
                "the Copernicus Climate Change Service",
                "official statistics",
            ],
            [
                "Readings of private stations are not used.",
                "Provisional figures count if no final ones are out a month after the end.",
                "Corrections that come after the end date are ignored.",
            ]
        ),
        new(
            "health",
            [
                "Will a vaccine against {disease} be approved in {country} by {date}?",
                "Will {country} report more than {thousands} cases of {disease} before {date}?",
                "Will the WHO declare an emergency over {disease} by {date}?",
                "Will {country} be declared free of {disease} before {date}?",
                "Will life expectancy in {country} exceed {age} years by {date}?",
                "Will {country} tax {vice} more heavily by {date}?",
                "Will a trial of a new treatment for {disease} report success before {date}?",
            ],
            ["the World Health Organization", "the national health authority", "official publications"],
            [
                "Suspected cases are left out.",
                "Emergency and conditional decisions count.",
                "Decisions count from the day on which they are published.",
            ]
        ),
        new(
            "sports",
            [
                "Will {country} win a world championship medal in {sport} by {date}?",
                "Will {club} win the {league} title in {year}?",
                "Will {club} finish above {club2} in the {league} in {year}?",
                "Will the world record in {event} be broken by {date}?",
                "Will {country} qualify for the World Cup in {sport} by {date}?",
                "Will {city} be chosen to host a world championship in {sport} by {date}?",
                "Will {club} change its head coach before {date}?",
                "Will a final in {sport} draw more than {small} million viewers in {country} by {date}?",
            ],
            ["the official results", "the governing body's own announcements", "the organiser's records"],
            [
                "Later changes by a doping case or an appeal do not count.",
                "If an event is cancelled, so is the market.",
                "Results at the green table count like any other.",
            ]
        ),
        new(
            "culture",
            [
                "Will {genre} win the main prize at {festival} by {date}?",
                "Will {genre} earn more than {hundreds} million dollars worldwide before {date}?",
                "Will {festival} take place in {city} by {date}?",
                "Will a museum in {city} return works to {country} before {date}?",
                "Will a song in the language of {country} top the global streaming charts by {date}?",
                "Will a novel from {country} win an international literary prize before {date}?",
                "Will {city} be named a capital of culture by {date}?",
            ],
            ["official announcements", "the cultural press", "published records of the trade"],
            [
                "Shared honours count.",
                "Amounts are not adjusted for inflation.",
                "Re-releases and repeats are left out.",
            ]
        ),
        new(
            "crypto",
            [
                "Will {coin} trade above {thousands} dollars at any time before {date}?",
                "Will {coin} lose more than {share}% of its value by {date}?",
                "Will {country} recognise {coin} as legal tender before {date}?",
                "Will {country} issue a digital currency to the public by {date}?",
                "Will a fund that holds {coin} be listed in {country} by {date}?",
                "Will fees for a transfer of {coin} average more than {small} dollars before {date}?",
                "Will {country} tax gains on {coin} at more than {share}% by {date}?",
            ],
            [
                "three large exchanges taken together",
                "official publications",
                "the public ledger and the regulators' registers",
            ],
            [
                "What a single exchange shows during an outage does not count.",
                "Pilots with invited users do not count.",
                "A fork carries the name that most exchanges give it.",
            ]
        ),
        new(
            "transport",
            [
                "Will the new {line} in {city} open by {date}?",
                "Will {city} close its centre to private cars before {date}?",
                "Will more than {share}% of new cars in {country} be electric by {date}?",
                "Will a night train from {city} to {city2} run before {date}?",
                "Will {country} lower its motorway speed limit by {date}?",
                "Will the airport of {city} handle more than {small} million passengers by {date}?",
                "Will public transport in {city} be free of charge before {date}?",
            ],
            ["the operators' own publications", "the transport ministry", "the minutes of the council in charge"],
            [
                "Trial runs without the public do not count.",
                "A partial opening is enough.",
                "Measures that last less than a month do not count.",
            ]
        ),
    ];
}

/// <summary>A field of questions.</summary>
/// <param name="Category">The markets' category.</param>
/// <param name="Questions">Templates of names; <c>{word}</c> stands for one of a list of <see cref="SeedMarketsWords"/>, a number or the end's date.</param>
/// <param name="Sources">Who says how it turned out.</param>
/// <param name="Details">Templates of sentences that settle a doubt; they use no word that a question may lack.</param>
internal sealed record SeedMarketsTopic(
    string Category,
    IReadOnlyList<string> Questions,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> Details
);
