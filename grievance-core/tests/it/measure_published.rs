//! Published tables: no small count can be told from what is shown.

use grievance_core::measure::published::{Shown, suppress};
use proptest::prelude::*;

/// Every table with these shown counts whose counts that are left out are 1 to `most`; the values
/// that each place takes among them.
fn consistent(shown: &Shown, most: u64) -> Vec<Vec<Vec<u64>>> {
    let places: Vec<(usize, usize)> = (0..shown.cells.len())
        .flat_map(|row| (0..shown.columns.len()).map(move |column| (row, column)))
        .filter(|(row, column)| shown.cells[*row][*column].is_none())
        .collect();
    let mut table: Vec<Vec<u64>> =
        shown.cells.iter().map(|row| row.iter().map(|cell| cell.unwrap_or(0)).collect()).collect();
    let mut found = Vec::new();
    fill(shown, &places, most, &mut table, &mut found);
    found
}

fn fill(
    shown: &Shown,
    places: &[(usize, usize)],
    most: u64,
    table: &mut Vec<Vec<u64>>,
    found: &mut Vec<Vec<Vec<u64>>>,
) {
    let Some(((row, column), rest)) = places.split_first() else {
        let rows: Vec<u64> = table.iter().map(|row| row.iter().sum()).collect();
        let columns: Vec<u64> =
            (0..shown.columns.len()).map(|column| table.iter().map(|row| row[column]).sum()).collect();
        let agrees = |shown: &[Option<u64>], sums: &[u64]| {
            shown.iter().zip(sums).all(|(shown, sum)| shown.is_none_or(|shown| shown == *sum))
        };
        let total = shown.total.is_none_or(|total| total == rows.iter().sum::<u64>());
        if total && agrees(&shown.rows, &rows) && agrees(&shown.columns, &columns) {
            found.push(table.clone());
        }
        return;
    };
    for value in 1..=most {
        table[*row][*column] = value;
        fill(shown, rest, most, table, found);
    }
}

proptest! {
    /// Whoever knows that every count left out is at least one finds at least two tables that fit
    /// what is shown, for each small count; and everything that is shown is true.
    #[test]
    fn no_small_count_can_be_told(
        (rows, columns) in (1_usize..3, 1_usize..4),
        values in prop::collection::vec(0_u64..9, 6),
        least in 2_u64..5,
    ) {
        let cells: Vec<Vec<u64>> = values.chunks(columns).take(rows).map(<[u64]>::to_vec).collect();
        let cells: Vec<Vec<u64>> = cells.into_iter().filter(|row| row.len() == columns).collect();
        let shown = suppress(&cells, least);
        for (row, told) in cells.iter().zip(&shown.cells) {
            for (value, told) in row.iter().zip(told) {
                prop_assert!(told.is_none_or(|told| told == *value));
                prop_assert!(*value == 0 || *value >= least || told.is_none(), "{:?}", shown);
            }
        }
        let fits = consistent(&shown, 10);
        // What is true is among them: no value drawn is beyond what was tried.
        prop_assert!(fits.contains(&cells), "{:?}: {:?}", shown, cells);
        for (row, column) in (0..cells.len()).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let value = cells[row][column];
            if value > 0 && value < least {
                let mut values: Vec<u64> = fits.iter().map(|table| table[row][column]).collect();
                values.sort_unstable();
                values.dedup();
                prop_assert!(values.len() > 1, "{:?} gives {:?} away: {:?}", shown, value, cells);
            }
        }
        // Sums too: a total of one to four people is small itself.
        for (sum, told) in cells.iter().map(|row| row.iter().sum::<u64>()).zip(&shown.rows) {
            prop_assert!(told.is_none_or(|told| told == sum && (told == 0 || told >= least)));
        }
    }
}

/// A zero that was left out made the small count beside it the only one that fits.
#[test]
fn a_zero_is_always_shown() {
    let cells = [vec![0, 2, 0], vec![0, 1, 2]];
    let shown = suppress(&cells, 2);
    for (row, told) in cells.iter().zip(&shown.cells) {
        assert!(row.iter().zip(told).all(|(value, told)| *value > 0 || *told == Some(0)), "{shown:?}");
    }
    let fits = consistent(&shown, 10);
    assert!(fits.contains(&cells.to_vec()) && fits.iter().any(|table| table[1][1] != 1), "{shown:?}");
}

#[test]
fn large_tables_lose_little() {
    let cells: Vec<Vec<u64>> = (0..40).map(|row| (0..8).map(|column| 10 + row * column).collect()).collect();
    assert!(suppress(&cells, 5).cells.iter().flatten().all(Option::is_some), "nothing is small");
    let mut one = cells.clone();
    one[7][3] = 2;
    let shown = suppress(&one, 5);
    assert_eq!(shown.cells.iter().flatten().filter(|cell| cell.is_none()).count(), 4);
    assert!(shown.total.is_some() && shown.rows.iter().chain(&shown.columns).all(Option::is_some));
    assert_eq!(suppress(&[], 5).total, Some(0));
    let lonely = suppress(&[vec![1]], 5);
    assert_eq!((lonely.cells, lonely.rows, lonely.total), (vec![vec![None]], vec![None], None));
}
