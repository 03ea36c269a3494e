use super::*;
use crate::source::testing::{Recorder, rows_of};

fn parsed(text: &str) -> Recorder {
    let mut sink = Recorder::default();
    read(text.as_bytes(), &Limits::default(), "", &mut sink).unwrap();
    sink
}

#[test]
fn a_line_is_a_row_and_a_path_a_column() {
    let sink = parsed(
        "{\"user\": {\"phone\": \"138\\u00300138000\", \"tags\": [\"a\", \"b\"]}, \"n\": 1.38e10}\n{\"user\": null}\n",
    );
    assert_eq!(
        rows_of(&sink, ""),
        ["$.user.phone=13800138000 $.user.tags[*]=a $.user.tags[*]=b $.n=13800000000", ""]
    );
    assert_eq!(sink.faults(), []);
}

#[test]
fn objects_of_an_outermost_array_are_rows() {
    let sink =
        parsed("{\"version\": 2, \"users\": [{\"id\": 1, \"c\": [{\"x\": 1}]}, {\"id\": 2}]}");
    assert_eq!(
        rows_of(&sink, ""),
        ["$.version=2 $.users[*].id=1 $.users[*].c[*].x=1", "$.users[*].id=2"]
    );
}

#[test]
fn two_numbers_in_an_array_stay_together() {
    let sink =
        parsed("{\"at\": [116.397428, 39.90923], \"bins\": [1, 2, 3, 4], \"mixed\": [1, \"a\"]}");
    assert_eq!(
        rows_of(&sink, ""),
        [
            "$.at[*]=116.397428,39.90923 $.bins[*]=1 $.bins[*]=2 $.bins[*]=3 $.bins[*]=4 $.mixed[*]=1 $.mixed[*]=a"
        ]
    );
}

#[test]
fn a_broken_line_is_text_and_the_next_is_read_again() {
    let sink = parsed("{\"a\": 1}\n{\"a\": oops 13800138000}\n{\"a\": 3}\n");
    assert_eq!(rows_of(&sink, ""), ["$.a=1", "", "$.a=3"]);
    assert!(sink.text_of("").contains("13800138000"));
    assert_eq!(sink.faults(), [Fault::Broken]);
}

#[test]
fn nesting_is_bounded_at_its_bound() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let max = Limits::default().nesting_max;
    assert_eq!(parsed(&nested(max)).faults(), []);
    assert_eq!(parsed(&nested(max + 1)).faults(), [Fault::TooDeep]);
    assert!(!parsed(&"[".repeat(1_000_000)).faults().is_empty());
    assert_eq!(parsed("{\"a\": \"x").faults(), [Fault::Truncated]);
}

#[test]
fn keys_that_are_data_share_a_column() {
    let text: String = (0..1000)
        .map(|n| format!("\"{}\": {{\"name\": \"x\"}},", 13_800_000_000_u64 + n))
        .collect();
    let sink = parsed(&format!("{{{}\"last\": 1}}", text));
    assert!(sink.columns() <= 260, "{}", sink.columns());
}
