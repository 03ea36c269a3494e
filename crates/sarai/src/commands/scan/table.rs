//! An inventory for people.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use sarai_review::scan::{Extent, Found, Inventory, Protection, Source, Unit, code::class_word};

/// Lines of problems that are shown of a source.
const PROBLEMS_MAX: usize = 20;

/// The inventory as a table a source, and a sum.
pub fn text(inventory: &Inventory) -> String {
    let mut parts: Vec<String> = inventory.sources.iter().filter_map(source).collect();
    parts.push(sum(inventory));
    parts.join("\n\n")
}

fn source(source: &Source) -> Option<String> {
    let found: usize = source.units.iter().map(|unit| unit.found.len()).sum();
    if found == 0 && source.problems.is_empty() {
        return None;
    }
    let extent = match source.extent {
        Extent::Whole => "",
        Extent::Sampled => ", sampled",
        Extent::Partial => ", read in part",
        Extent::Unread => ", NOT READ",
    };
    let mut lines = vec![clean(&format!("{} ({}{extent})", source.name, source.format))];
    if found > 0 {
        lines.push(table(source).to_string());
    }
    for unit in &source.units {
        lines.extend(remarks(unit));
    }
    for problem in source.problems.iter().take(PROBLEMS_MAX) {
        let place =
            if problem.within.is_empty() { String::new() } else { format!("{}: ", problem.within) };
        lines.push(clean(&format!("  ! {place}{}: {}", problem.fault.word(), problem.reason)));
    }
    if source.problems.len() > PROBLEMS_MAX {
        lines.push(format!("  ! and {} more problems", source.problems.len() - PROBLEMS_MAX));
    }
    Some(lines.join("\n"))
}

fn table(source: &Source) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["data", "class", "where", "count", "different", "persons", "sure", "like"]);
    for unit in &source.units {
        for found in &unit.found {
            table.add_row(row(unit, found));
        }
    }
    for at in 3..=6 {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn row(unit: &Unit, found: &Found) -> [String; 8] {
    let place = match (&found.column, unit.within.as_str()) {
        (Some(column), "") => column.clone(),
        (Some(column), within) => format!("{within}, {column}"),
        (None, "") => found.first.clone(),
        (None, within) => format!("{within}, {}", found.first),
    };
    let like = match found.protection {
        Protection::Hashed => "looks hashed".to_owned(),
        Protection::Encrypted => "looks encrypted".to_owned(),
        Protection::Masked => "masked already".to_owned(),
        _ => found.sample.clone().unwrap_or_default(),
    };
    [
        found.category.code().to_owned(),
        class_word(found.class).to_owned(),
        clean(&place),
        found.count.to_string(),
        found.distinct.to_string(),
        found.persons.map(|persons| persons.to_string()).unwrap_or_default(),
        format!("{}%", found.confidence),
        clean(&like),
    ]
}

/// What a unit says as a whole.
fn remarks(unit: &Unit) -> Vec<String> {
    let mut lines = Vec::new();
    let place = if unit.within.is_empty() { String::new() } else { format!("{}: ", unit.within) };
    if let (Some(key), Some(persons)) = (&unit.person_key, unit.persons)
        && !unit.found.is_empty()
    {
        let rows = unit.rows_total.map_or_else(
            || format!("{} rows", unit.rows),
            |total| format!("{} of {total} rows read", unit.rows),
        );
        lines.push(clean(&format!("  {place}{persons} persons by {key}; {rows}")));
    }
    for positions in &unit.positions {
        let trip = positions.trip.as_deref().map_or_else(
            || "no column names a trip".to_owned(),
            |trip| format!("{} of them without {trip}", positions.without_trip),
        );
        lines.push(clean(&format!("  {place}{} positions; {trip}", positions.points)));
    }
    if let Some(access) = &unit.access {
        lines.push(clean(&format!(
            "  {place}who did what: {} rows, {} actors, {} without a purpose",
            access.rows, access.actors, access.without_purpose
        )));
    }
    lines
}

fn sum(inventory: &Inventory) -> String {
    let found = inventory.found().count();
    let unread = inventory.sources.iter().filter(|source| source.extent == Extent::Unread).count();
    let partial =
        inventory.sources.iter().filter(|source| source.extent == Extent::Partial).count();
    let bytes: u64 = inventory.sources.iter().map(|source| source.bytes).sum();
    let stopped = if inventory.stopped { " The scan was stopped before its end." } else { "" };
    let wrong = if unread + partial > 0 {
        format!(" {unread} could not be read, {partial} only in part: this is NOT all there is.")
    } else {
        String::new()
    };
    format!(
        "{} sources, {bytes} bytes, {found} findings; classes of {}.{wrong}{stopped}",
        inventory.sources.len(),
        inventory.day
    )
}

/// What files say about themselves must not speak to the terminal.
fn clean(text: &str) -> String {
    text.replace(char::is_control, "?")
}
