//! Disposal indexes by hand: the boundaries, how they explain themselves, and what makes no sense.

use crate::index::{board, counts, day, named, unit};
use grievance_core::measure::index::{
    Answered, Better, Board, Correction, Counts, Definition, Funnel, Group, Groups, IndexProblem, Looks,
    Normaliser, Rounding, RoundingMode, Standing, Take, Term, Unverified,
};
use grievance_core::vocabulary::Quantity;

/// Seven days are the good grade, a little more is the next; an office that disposed nothing has none.
#[test]
fn the_average_days_grade_has_three_bands() {
    let office = |days, disposed| counts(&[(Quantity::DisposalDays, days), (Quantity::Disposed, disposed)]);
    let offices =
        [office(70, 10), office(71, 10), office(300, 10), office(301, 10), office(0, 0), Counts::new()];
    let mut graded = board(&named("average_days"), &offices).offices;
    graded.sort_by(|a, b| a.unit.cmp(&b.unit));
    let bands: Vec<_> = graded.iter().map(|it| (it.terms[0].band.as_deref(), it.score, it.rank)).collect();
    assert_eq!(
        bands,
        [
            (Some("within 7 days"), Some(100.0), Some(1)),
            (Some("8 to 30 days"), Some(50.0), Some(2)),
            (Some("8 to 30 days"), Some(50.0), Some(2)),
            (Some("more than 30 days"), Some(0.0), Some(4)),
            (None, None, None),
            (None, None, None),
        ]
    );
}

/// What a statement counts is what an office is graded by.
#[test]
fn a_statement_gives_the_counts() {
    use crate::desk_support::{desks, lodge, officer, take};
    use grievance_core::measure::mis::{MisPart, Terms};
    let (_, desk) = desks().into_iter().next().unwrap();
    let json = r#"{"action":"dispose","remarks":"Done.","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
    for (category, disposed) in [
        ("pothole", Some("2026-03-05T09:00:00Z")),
        ("pothole", Some("2026-03-12T09:00:00Z")),
        ("pothole", None),
    ] {
        let case = lodge(&desk, category, "2026-03-02T09:00:00Z").case;
        if let Some(when) = disposed {
            take(&desk, &officer("hod", "works"), when, case, json);
        }
    }
    let mut part =
        MisPart::new(Terms::new(day(), chrono_tz::UTC, grievance_core::vocabulary::AgeRule::Calendar));
    desk.store()
        .scan(&grievance_core::rulebook::access::Scope::All, &mut |history| {
            part.add_history(history);
            true
        })
        .unwrap();
    let offices: Vec<_> = part.counts().filter(|(unit, _)| unit.as_str() == "works").collect();
    let works = &offices[0].1;
    let seen = [
        Quantity::Received,
        Quantity::Disposed,
        Quantity::Pending,
        Quantity::DisposalDays,
        Quantity::BenefitProvided,
    ]
    .map(|quantity| works.get(quantity));
    assert_eq!(seen, [Some(3), Some(2), Some(1), Some(3 + 10), Some(2)]);
    assert_eq!(works.get(Quantity::FeedbackGiven), Some(0), "nobody was asked");
    assert_eq!(works.get(Quantity::RatingSum), None, "not counted is not zero");
    assert_eq!(works.get(Quantity::Classified), None, "nobody gives root causes here");
    let graded = Board::of(&named("average_days"), offices, day(), None).unwrap();
    assert_eq!(graded.offices[0].terms[0].band.as_deref(), Some("within 7 days"));
}

/// What is asked of a desk says by itself under which rulebook, in which zone and by which index it was counted.
#[test]
fn a_desks_board_names_its_rulebook() {
    use crate::desk_support::{at, desks, lodge, officer};
    use grievance_core::desk::Measure;
    let (_, desk) = desks().into_iter().next().unwrap();
    lodge(&desk, "pothole", "2026-03-02T09:00:00Z");
    let now = at("2026-04-01T09:00:00Z");
    let asked = r#"{"what":"board","as_of":"2026-04-01","index":"timely_disposal"}"#;
    let clerk = officer("cell_officer", "desk");
    let about = desk.by(&clerk, now).measure(&Measure::from_json(asked).unwrap()).unwrap().about;
    let rulebook = desk.rulebook(now).unwrap();
    assert_eq!(about["rulebook"], rulebook.version().to_string());
    assert_eq!(about["zone"], rulebook.zone().name());
    assert_eq!(about["definition"]["code"], "timely_disposal");
    let curve = r#"{"what":"kaplan_meier","as_of":"2026-04-01"}"#;
    let about = desk.by(&clerk, now).measure(&Measure::from_json(curve).unwrap()).unwrap().about;
    assert_eq!(about["as_of"], "2026-04-01");
    assert_eq!(about["zone"], rulebook.zone().name());
}

/// Offices are compared with those of their own size, before anything is set between worst and best:
/// exactly 10,000 received is of group B.
#[test]
fn groups_are_made_before_offices_are_compared() {
    let office = |received, on_time| {
        counts(&[
            (Quantity::Received, received),
            (Quantity::DisposedOnTime, on_time),
            (Quantity::DisposedWithTarget, 100),
        ])
    };
    let index = named("four_dimensions");
    let offices =
        [office(10_001, 50), office(10_000, 90), office(2_000, 60), office(1_999, 10), office(5, 20)];
    let graded = board(&index, &offices).offices;
    let seen: Vec<_> = graded
        .iter()
        .map(|it| (it.unit.as_str(), it.group.as_deref().unwrap(), it.score.unwrap(), it.rank.unwrap()))
        .collect();
    assert_eq!(
        seen,
        [
            ("u04", "C", 100.0, 1),
            ("u03", "C", 0.0, 2),
            ("u01", "B", 100.0, 1),
            ("u02", "B", 0.0, 2),
            // Alone in its group: nobody is ahead.
            ("u00", "A", 100.0, 1),
        ]
    );
    // The one term that has data weighs everything, and the others are told as missing.
    let weights: Vec<_> = graded[0].terms.iter().map(|it| (it.score.is_some(), it.weight)).collect();
    assert_eq!(weights[0], (true, 1.0));
    assert!(weights[1..].iter().all(|it| *it == (false, 0.0)));
    assert_eq!(graded[0].left_out().count(), weights.len() - 1);
    assert!(graded[0].left_out().all(|code| code != "efficiency_on_time"));
}

/// A result can be computed again by hand from what it holds.
#[test]
fn a_result_explains_itself() {
    let office = counts(&[
        (Quantity::AcknowledgedOnTime, 9),
        (Quantity::AcknowledgedWithTarget, 10),
        (Quantity::DisposedOnTime, 30),
        (Quantity::DisposedWithTarget, 40),
        (Quantity::FeedbackSatisfied, 3),
        (Quantity::FeedbackGiven, 6),
        (Quantity::Appealed, 2),
        (Quantity::Disposed, 40),
        (Quantity::Classified, 10),
    ]);
    let version = grievance_core::kernel::text::Digest::of(&[b"a rulebook"]);
    let board = Board::of(&named("iso_10002"), [(unit(0), office)], day(), Some(version)).unwrap();
    let told = serde_json::to_value(&board).unwrap();
    assert_eq!(told["as_of"], "2026-04-01");
    assert_eq!(told["rulebook"], version.to_string());
    assert_eq!(told["definition"]["source"], "ours");
    // 0.2 × (0.9 + 0.75 + 0.5 + (0.2 − 0.05) / 0.2 + 0.25) = 0.63
    assert_eq!(told["offices"][0]["score"], 63.0);
    let review = &told["offices"][0]["terms"][3];
    assert_eq!(
        (review["count"].as_u64(), review["of"].as_u64(), review["weight"].as_f64()),
        (Some(2), Some(40), Some(0.2))
    );
}

#[test]
fn nonsense_is_refused_with_its_place() {
    let sound = named("timely_disposal");
    let with = |change: &dyn Fn(&mut Definition)| {
        let mut bent = sound.clone();
        change(&mut bent);
        let problem = bent.check().unwrap_err();
        assert!(Board::of(&bent, [], day(), None).is_err());
        problem.to_string()
    };
    let told = [
        with(&|it| it.terms.clear()),
        with(&|it| it.terms[0].weight = 0.5),
        with(&|it| it.terms[0].weight = f64::NAN),
        with(&|it| it.terms[0].weight = -1.0),
        with(&|it| it.terms.push(it.terms[0].clone())),
        with(&|it| it.terms[0].normalise = Normaliser::Target { worst: 1.0, best: 1.0 }),
        with(&|it| it.terms[0].better = Better::Lower),
        with(&|it| it.terms[0].normalise = Normaliser::Bands(Vec::new())),
        with(&|it| it.scale = 0.0),
        with(&|it| it.rounding.decimals = 10),
        with(&|it| it.groups = Some(Groups { by: Quantity::Received, groups: Vec::new() })),
    ];
    assert_eq!(
        told,
        [
            "terms: there is none",
            "terms: the weights add up to 0.5, not to 1",
            "terms[0].weight: is no number from 0 up",
            "terms[0].weight: is no number from 0 up",
            "terms[1].code: is there twice",
            "terms[0].normalise: worst and best are not two different numbers",
            "terms[0].normalise: worst and best stand the other way round than `better` says",
            "terms[0].normalise: there is no band",
            "scale: is no number above 0",
            "rounding.decimals: is more than nine",
            "groups.groups: the first does not begin at 0",
        ]
    );
    let unknown = serde_json::to_string(&sound).unwrap().replace("disposed_on_time", "disposed_on_tuesdays");
    assert!(matches!(Definition::from_json(&unknown), Err(IndexProblem::Unreadable { line: 1, .. })));
    assert!(matches!(Definition::from_json("{"), Err(IndexProblem::Unreadable { problem: "no JSON", .. })));
}

/// The limits narrow with the size of an office; nothing is said of a handful of cases.
#[test]
fn a_small_office_is_not_called_worst_by_chance() {
    let funnel = Funnel::of([(800, 1_000)]).unwrap();
    // 0.8 ± 1.959964 × √(0.16 / 100) and 0.8 ± 3.090232 × 0.04
    let [inner, outer] = funnel.limits(100).unwrap();
    assert!((inner.0 - 0.721_601_44).abs() < 1e-12 && (inner.1 - 0.878_398_56).abs() < 1e-12, "{inner:?}");
    assert!((outer.0 - 0.676_390_72).abs() < 1e-12 && (outer.1 - 0.923_609_28).abs() < 1e-12, "{outer:?}");
    assert_eq!(funnel.standing(0, 24), Standing::TooFew);
    assert_eq!(funnel.standing(0, 25), Standing::VeryLow);
    assert_eq!(funnel.standing(80, 100), Standing::Within);
    assert_eq!(funnel.standing(72, 100), Standing::Low);
    assert_eq!(funnel.standing(67, 100), Standing::VeryLow);
    assert_eq!(funnel.standing(88, 100), Standing::High);
    assert_eq!(funnel.standing(93, 100), Standing::VeryHigh);
    assert!(funnel.limits(0).is_none() && funnel.standing(0, 0) == Standing::TooFew);
    assert!(Funnel::of([(0, 0)]).is_none() && Funnel::of([]).is_none(), "nothing of nothing");
    assert!(Funnel::of([(3, 2)]).is_none());
    // Expected are exactly five of 49, which floats put below five.
    assert_eq!(Funnel::of([(5, 49)]).unwrap().standing(5, 49), Standing::Within);
    // Where all cases are alike, nobody can differ.
    assert_eq!(Funnel::of([(10, 10)]).unwrap().standing(10, 10), Standing::TooFew);
}

/// A score is rounded from the fraction: a half is a half, and what is full is full.
#[test]
fn scores_are_rounded_from_fractions() {
    let score = |count, of, decimals, mode| {
        let mut index = named("timely_disposal");
        index.rounding = Rounding { decimals, mode };
        let office = counts(&[(Quantity::DisposedOnTime, count), (Quantity::DisposedWithTarget, of)]);
        board(&index, &[office]).offices[0].score.unwrap()
    };
    let seen = [
        score(23, 80, 1, RoundingMode::HalfUp),
        score(41, 80, 1, RoundingMode::HalfUp),
        score(41, 80, 1, RoundingMode::HalfEven),
        score(29, 50, 0, RoundingMode::Down),
        score(29, 50, 1, RoundingMode::Down),
    ];
    assert_eq!(seen.map(|score| score.to_string()), ["28.8", "51.3", "51.2", "58", "58"]);
    // Three thirds, as decimals, do not add up to one; a full score is full all the same.
    let mut index = named("timely_disposal");
    index.rounding = Rounding { decimals: 1, mode: RoundingMode::Down };
    index.terms =
        (0..3).map(|n| Term { code: format!("t{n}"), weight: 1.0 / 3.0, ..index.terms[0].clone() }).collect();
    let full = counts(&[(Quantity::DisposedOnTime, 40), (Quantity::DisposedWithTarget, 40)]);
    assert_eq!(board(&index, &[full]).offices[0].score, Some(100.0));
}

/// An office has a place only where its cases are enough to say so, among those of its own group.
#[test]
fn small_offices_have_a_standing_and_no_place() {
    let office = |received, on_time, of| {
        counts(&[
            (Quantity::Received, received),
            (Quantity::DisposedOnTime, on_time),
            (Quantity::DisposedWithTarget, of),
        ])
    };
    let told = |index: &Definition, offices: &[Counts]| -> Vec<(String, Option<u32>, Option<Standing>)> {
        let graded = board(index, offices).offices;
        graded.into_iter().map(|it| (it.unit.as_str().to_owned(), it.rank, it.standing)).collect()
    };
    let index = named("timely_disposal");
    let alone = told(&index, &[office(1, 1, 1)]);
    assert_eq!(alone, [("u00".into(), None, Some(Standing::TooFew))], "the first of one");
    let offices = [office(900, 900, 1_000), office(900, 800, 1_000), office(85, 85, 100), office(3, 3, 3)];
    let expected = [
        ("u00".into(), Some(1), Some(Standing::VeryHigh)),
        ("u02".into(), Some(2), Some(Standing::Within)),
        ("u01".into(), Some(3), Some(Standing::VeryLow)),
        // All three in time, and behind the others: too few to say.
        ("u03".into(), None, Some(Standing::TooFew)),
    ];
    assert_eq!(told(&index, &offices), expected);

    // Where next to nobody is late, five late cases are nowhere expected: chance is not told, and a place is.
    let offices = [office(400, 398, 400), office(60, 60, 60), office(9, 9, 9)];
    let expected = [
        ("u01".into(), Some(1), None),
        ("u00".into(), Some(2), None),
        ("u02".into(), None, Some(Standing::TooFew)),
    ];
    assert_eq!(told(&index, &offices), expected);
    let all = [office(400, 400, 400), office(60, 60, 60)];
    assert_eq!(told(&index, &all), [("u00".into(), Some(1), None), ("u01".into(), Some(1), None)]);

    // Big offices do better than small ones: among their own each is as the others are.
    let mut grouped = index.clone();
    let group = |code: &str, from| Group { code: code.to_owned(), from };
    grouped.groups =
        Some(Groups { by: Quantity::Received, groups: vec![group("small", 0), group("big", 500)] });
    let offices =
        [office(900, 900, 1_000), office(900, 905, 1_000), office(90, 70, 100), office(90, 71, 100)];
    let standings = |index| told(index, &offices).into_iter().map(|it| it.2.unwrap()).collect::<Vec<_>>();
    assert_eq!(standings(&grouped), [Standing::Within; 4]);
    assert!(standings(&index).contains(&Standing::VeryLow));

    // Ten days for a hundred disposed are no share, though 10 is less than 100.
    let days = |days, disposed| counts(&[(Quantity::DisposalDays, days), (Quantity::Disposed, disposed)]);
    assert_eq!(named("average_days").one_share(), None);
    let graded = told(&named("average_days"), &[days(10, 100), days(90, 100), days(0, 9)]);
    let expected = [
        ("u00".into(), Some(1), None),
        ("u01".into(), Some(1), None),
        ("u02".into(), None, Some(Standing::TooFew)),
    ];
    assert_eq!(graded, expected);
    let patient = Definition { fewest: Some(9), ..named("average_days") };
    assert_eq!(told(&patient, &[days(0, 9)]), [("u00".into(), Some(1), None)]);
}

#[test]
fn figures_are_rounded_as_said() {
    let to = |decimals, mode| Rounding { decimals, mode };
    let quarter_percent = |mode| to(1, mode).share(1, 400, 100);
    assert_eq!(quarter_percent(RoundingMode::HalfEven), Some(0.2));
    assert_eq!(quarter_percent(RoundingMode::HalfUp), Some(0.3));
    assert_eq!(quarter_percent(RoundingMode::Down), Some(0.2));
    assert_eq!(to(1, RoundingMode::HalfEven).share(3, 400, 100), Some(0.8));
    assert_eq!(to(1, RoundingMode::Down).share(2, 3, 100), Some(66.6));
    assert_eq!(to(1, RoundingMode::Down).share(0, 0, 100), None);
    assert_eq!(to(0, RoundingMode::HalfEven).value(2.5).to_string(), "2");
    assert_eq!(to(0, RoundingMode::HalfUp).value(2.5).to_string(), "3");
    assert_eq!(to(0, RoundingMode::Down).value(2.9).to_string(), "2");
    assert_eq!(to(2, RoundingMode::HalfUp).value(-0.001).to_string(), "0");
    assert_eq!(to(1, RoundingMode::HalfUp).value(0.15).to_string(), "0.2", "by what is written");
    assert_eq!(to(1, RoundingMode::HalfUp).value(-0.15).to_string(), "-0.2");
    assert_eq!(
        to(1, RoundingMode::HalfUp).share(u64::MAX, u64::MAX, u64::MAX),
        Some(18_446_744_073_709_552e3)
    );
}

/// An office that nobody verified is what the definition says of it, and the result says that nobody looked.
#[test]
fn nobody_verified_is_said() {
    let mut index = named("timely_disposal");
    let office = counts(&[(Quantity::DisposedOnTime, 9), (Quantity::DisposedWithTarget, 10)]);
    let score = |index: &Definition, looks: &[Answered]| {
        let looks = [(unit(0), Looks::new(looks.iter().copied()).unwrap())].into();
        let board = Board::of_verified(index, [(unit(0), office.clone())], &looks, day(), None).unwrap();
        let told = board.offices[0].terms[0].verified.clone().unwrap();
        assert_eq!(told.counted, Some(0.9));
        (board.offices[0].score, told.looked, told.share)
    };
    let look = |looked, sound| [Answered { closings: 10, looked, sound }];
    for (unverified, expected) in
        [(Unverified::NoData, None), (Unverified::AsCounted, Some(90.0)), (Unverified::Worst, Some(0.0))]
    {
        index.terms[0].corrected = Some(Correction { take: Take::Estimate, unverified, at_least: 4 });
        assert_eq!(score(&index, &[]), (expected, 0, None));
        assert_eq!(score(&index, &look(3, 3)), (expected, 3, None), "too few looked");
        assert_eq!(score(&index, &look(4, 3)), (Some(67.5), 4, Some(0.75)));
        assert_eq!(score(&index, &look(10, 5)), (Some(45.0), 10, Some(0.5)));
    }
    // Where everything was looked at, chance has no say.
    let looks = |looked, sound| Looks::new(look(looked, sound)).unwrap();
    assert_eq!(looks(10, 5).limits(), Some([0.5; 3]));
    let [low, share, high] = looks(4, 4).limits().unwrap();
    assert!(low < 0.7 && share >= 1.0 && high >= 1.0, "four sound looks do not say that all is sound: {low}");
    assert!(Looks::new(look(11, 5)).is_err() && Looks::new(look(4, 5)).is_err());
    // It is no share of which a funnel could tell chance.
    assert!(index.one_share().is_none());
}

/// A correction of a term of which less is better makes no sense, nor one that needs no look.
#[test]
fn a_correction_is_checked() {
    let mut index = named("timely_disposal");
    let correction = Correction { take: Take::Low, unverified: Unverified::Worst, at_least: 0 };
    index.terms[0].corrected = Some(correction);
    let place = |index: &Definition| match index.check().unwrap_err() {
        IndexProblem::At { path, .. } => path,
        other => panic!("{other}"),
    };
    assert_eq!(place(&index), "terms[0].corrected.at_least");
    let mut index = named("average_days");
    index.terms[0].corrected = Some(Correction { at_least: 1, ..correction });
    assert_eq!(place(&index), "terms[0].corrected");
}
