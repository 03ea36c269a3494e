use super::*;
use crate::source::testing::{Recorder, rows_of};

fn dump(text: &str) -> Recorder {
    let mut sink = Recorder::default();
    read(text.as_bytes(), &Limits::default(), "", &mut sink).unwrap();
    sink
}

#[test]
fn inserts_take_their_columns_from_the_table() {
    let sink = dump(
        "-- MySQL dump 10.13\nCREATE TABLE `users` (\n `id` int NOT NULL, `name` varchar(20) DEFAULT 'x, y', `phone` char(11),\n \
         PRIMARY KEY (`id`), KEY `k` (`name`)) ENGINE=InnoDB COMMENT='people';\n\
         INSERT INTO `users` VALUES (1,'O\\'Hara; (x)','13800138000'),(2,NULL,'139''5');\n",
    );
    assert_eq!(
        rows_of(&sink, "table users"),
        ["id=1 name=O'Hara; (x) phone=13800138000", "id=2 phone=139'5"]
    );
}

#[test]
fn copy_has_its_own_escapes() {
    let sink = dump(
        "--\n-- PostgreSQL database dump\n--\nCOPY public.users (id, note) FROM stdin;\n1\ta\\tb\\\\c\n2\t\\N\n\\.\n\n\
         COMMENT ON TABLE x IS 'call 13800138000';\n",
    );
    assert_eq!(rows_of(&sink, "table users"), ["id=1 note=a\tb\\c", "id=2"]);
    assert!(sink.text_of("").contains("13800138000"));
}

#[test]
fn postgresql_texts_have_no_backslash() {
    let sink = dump(
        "-- PostgreSQL database dump\nSET standard_conforming_strings = on;\n\
         INSERT INTO t (a, b) VALUES ('C:\\', E'it\\'s'), (X'616263', 0x64);\n",
    );
    assert_eq!(rows_of(&sink, "table t"), ["a=C:\\ b=it's", "a=abc b=d"]);
}

#[test]
fn a_dump_that_ends_in_a_row_says_so() {
    let sink = dump("INSERT INTO t (a) VALUES ('x'), ('y");
    assert_eq!(rows_of(&sink, "table t"), ["a=x", "a=y"]);
    assert_eq!(sink.faults(), [Fault::Truncated]);
}
