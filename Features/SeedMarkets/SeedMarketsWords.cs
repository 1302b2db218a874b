namespace MarketsApi.Features.SeedMarkets;

/// <summary>The words that the questions' <c>{words}</c> stand for.</summary>
internal static class SeedMarketsWords
{
    /// <summary>Each list by its name in the templates.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Lists = new Dictionary<
        string,
        IReadOnlyList<string>
    >(StringComparer.Ordinal)
    {
        ["country"] = Split(
            """
            Argentina, Australia, Austria, Bangladesh, Belgium, Bolivia, Botswana, Brazil, Bulgaria, Canada, Chile, Colombia,
            Costa Rica, Croatia, Czechia, Denmark, Ecuador, Egypt, Estonia, Ethiopia, Finland, France, Georgia, Germany, Ghana,
            Greece, Hungary, Iceland, India, Indonesia, Ireland, Israel, Italy, Jamaica, Japan, Jordan, Kazakhstan, Kenya, Latvia,
            Lithuania, Malaysia, Mexico, Mongolia, Morocco, Namibia, Nepal, New Zealand, Nigeria, Norway, Pakistan, Panama,
            Paraguay, Peru, Poland, Portugal, Romania, Rwanda, Senegal, Serbia, Singapore, Slovakia, Slovenia, South Africa,
            South Korea, Spain, Sri Lanka, Sweden, Switzerland, Tanzania, Thailand, Tunisia, Turkey, Uganda, Ukraine, Uruguay,
            Vietnam, Zambia
            """
        ),
        ["city"] = Split(
            """
            Accra, Amsterdam, Athens, Auckland, Bangkok, Barcelona, Belgrade, Berlin, Bogotá, Bratislava, Brussels, Bucharest,
            Budapest, Buenos Aires, Cairo, Cape Town, Chicago, Copenhagen, Delhi, Dublin, Geneva, Gdańsk, Hamburg, Hanoi,
            Helsinki, Istanbul, Jakarta, Kraków, Kyoto, Lagos, Lima, Lisbon, Ljubljana, London, Lyon, Madrid, Malmö, Manila,
            Marseille, Melbourne, Mexico City, Milan, Montréal, Mumbai, Munich, Nairobi, Naples, Oslo, Paris, Porto, Prague,
            Reykjavík, Riga, Rome, Santiago, São Paulo, Sarajevo, Seoul, Seville, Singapore, Sofia, Stockholm, Sydney, Tallinn,
            Tokyo, Toronto, Tunis, Valencia, Vancouver, Vienna, Vilnius, Warsaw, Wellington, Zagreb, Zürich
            """
        ),
        ["policy"] = Split(
            """
            voting at sixteen, a four-day week, rent control, a wealth tax, assisted dying, land reform, judicial reform, pension
            reform, cannabis, campaign finance, term limits, compulsory voting, a carbon tax, data protection, platform work,
            minimum pay, housing subsidies, public broadcasting, gambling, school reform, nuclear power, plastic packaging
            """
        ),
        ["treaty"] = Split(
            """
            fishing rights, river water, free trade, extradition, data exchange, maritime borders, visa-free travel, air traffic,
            energy grids, double taxation, rail links, plastic pollution, artificial intelligence, rare minerals, arms control
            """
        ),
        ["bloc"] = Split(
            "the European Union, the OECD, the African Union, ASEAN, Mercosur, the Commonwealth, the BRICS group, the Nordic Council"
        ),
        ["commodity"] = Split(
            "a barrel of oil, a tonne of wheat, a tonne of coal, a tonne of rice, an ounce of silver, a bag of coffee, a bale of cotton, a tonne of maize"
        ),
        ["company"] = Split(
            """
            Aldermoor, Arclight Foods, Bluefin Logistics, Brightwater, Cobalt Robotics, Corvane, Deltaport, Eastmark Bank, Elmstone,
            Fenwick Motors, Ferrant, Glasshouse Media, Granary, Halden Energy, Harrowgate, Inkwell, Juniper Air, Kestrel Systems,
            Lanternworks, Larkfield, Meridian Steel, Millrace, Nordhaven, Northlight, Oakline, Orrery Labs, Palisade, Petrel,
            Quarry & Finch, Redshank, Ridgeback, Saltmarsh, Silverbirch, Solano Optics, Starling Mobile, Tamarack, Tidewell,
            Umbral, Vantera, Verdigris, Westerly, Windrose, Yarrow Health, Zephyrine
            """
        ),
        ["gadget"] = Split(
            """
            a folding phone, smart glasses, a home robot, an electric bicycle, a rollable screen, a solid-state battery, a brain
            implant, a flying taxi, a wireless charger, a satellite phone, a holographic display, a repairable laptop
            """
        ),
        ["benchmark"] = Split(
            "a doctoral examination in physics, a bar examination, a test of medical diagnosis, a programming contest, an olympiad in mathematics, a test of common sense"
        ),
        ["institute"] = Split(
            """
            CERN, the Max Planck Society, the Weizmann Institute, RIKEN, the Salk Institute, the Niels Bohr Institute, Fermilab,
            the Francis Crick Institute, the Karolinska Institute, the Institut Pasteur, the Perimeter Institute, ETH Zürich
            """
        ),
        ["phenomenon"] = Split(
            """
            dark matter, room-temperature superconductivity, proton decay, gravitational memory, sterile neutrinos, liquid
            water on an exoplanet, a fifth force, quantum error correction, magnetic monopoles, ageing reversal in mammals, deep-sea
            hydrogen, synthetic cells, nuclear fusion with net gain, ball lightning, axions, primordial black holes
            """
        ),
        ["instrument"] = Split(
            "neutrino detector, telescope, particle collider, fusion reactor, supercomputer, electron microscope, gravitational-wave antenna"
        ),
        ["discipline"] = Split("Physics, Chemistry, Medicine"),
        ["agency"] = Split(
            "NASA, ESA, JAXA, ISRO, CNSA, SpaceX, Blue Origin, Rocket Lab, Arianespace, the Canadian Space Agency, the UAE Space Agency"
        ),
        ["world"] = Split(
            "the Moon, Mars, Venus, Mercury, Jupiter, Saturn, Uranus, Neptune, Titan, Europa, Enceladus, Ganymede, Phobos, Ceres, Vesta"
        ),
        ["ground"] = Split(
            "the Moon, Mars, Venus, Mercury, Titan, Europa, Enceladus, Ganymede, Phobos, Ceres, Vesta, an asteroid"
        ),
        ["energy"] = Split("wind, solar power, hydropower, nuclear power, geothermal heat, biomass, tidal power"),
        ["fuel"] = Split("coal, lignite, heavy oil, peat, natural gas"),
        ["disease"] = Split(
            """
            malaria, dengue fever, measles, tuberculosis, polio, cholera, mpox, bird flu, Ebola, Zika, Lyme disease, RSV, HIV,
            Lassa fever, Alzheimer's disease, sickle-cell disease, hepatitis C, rabies
            """
        ),
        ["vice"] = Split("sugary drinks, tobacco, alcohol, vaping, fast food, betting"),
        ["sport"] = Split(
            """
            football, basketball, handball, volleyball, rugby, cricket, hockey, swimming, rowing, fencing, judo, cycling, table
            tennis, badminton, archery, athletics, gymnastics, sailing, curling, biathlon, ski jumping, water polo
            """
        ),
        ["event"] = Split(
            "the marathon, the 100 metres, the 1,500 metres, the pole vault, the high jump, the long jump, the hammer throw, the 400 metres hurdles, the 200 metres freestyle, the hour of track cycling"
        ),
        ["club"] = Split(
            """
            Harbour City, Northgate United, Old Mill Rovers, the Ironbridge Foxes, the Lakeside Herons, Real Montaña, Dynamo
            Vega, Sporting Aurora, the Pine Valley Bears, Red Cliff Athletic, the Southport Gulls, Union Kestrel, the Copper Kings,
            Estrella del Sur, the Highland Wolves, Fortuna Elm, the River Plate Owls, Saint Brendan's, Racing Lumen, the Grey Seals
            """
        ),
        ["league"] = Split(
            "Premier Division, Continental Cup, Northern League, Super League, Champions Series, Coastal Conference"
        ),
        ["genre"] = Split(
            "a documentary, an animated film, a horror film, a musical, a science-fiction film, a silent film, a war film, a comedy, a historical drama, a film by a first-time director, a spy film, a western"
        ),
        ["festival"] = Split(
            "the Cannes Film Festival, the Berlinale, the Venice Film Festival, the Sundance Film Festival, the Locarno Film Festival, the Toronto International Film Festival, the Karlovy Vary Film Festival, the Busan Film Festival"
        ),
        ["coin"] = Split("Bitcoin, Ether, Solana, Litecoin, Monero, Cardano, Dogecoin, XRP, Polkadot, Avalanche"),
        ["line"] = Split(
            "metro line, tram line, airport link, railway tunnel, cycle highway, bus corridor, ferry terminal, cable car"
        ),
    };

    private static string[] Split(string list) =>
        [
            .. list.ReplaceLineEndings(" ")
                .Split(", ")
                .Select(word => word.Trim().Replace("  ", " ", StringComparison.Ordinal)),
        ];
}
