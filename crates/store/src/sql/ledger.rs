//! The double-entry ledger.

use super::statements;
use crate::cell::Type::{Int, Text};

statements! {
    /// Balances of many accounts.
    BALANCES = rows(
        "SELECT a.name, a.currency, a.balance FROM {rows} r CROSS JOIN account a \
         WHERE a.name = r.name AND a.currency = r.currency",
        [("name", Text), ("currency", Text)], [Text, Text, Int]);
    /// One balance.
    BALANCE = values(
        "SELECT balance FROM account WHERE name = $1 AND currency = $2",
        [Text, Text], [Int]);
    /// Writes balances. The table refuses one below zero that may not be.
    PUT_BALANCES = rows(
        "INSERT INTO account (name, currency, balance, may_be_negative) \
         SELECT r.name, r.currency, r.balance, r.may_be_negative FROM {rows} r WHERE true \
         ON CONFLICT (name, currency) DO UPDATE SET balance = excluded.balance",
        [("name", Text), ("currency", Text), ("balance", Int), ("may_be_negative", Int)], []);
    /// Which posting sets were made.
    POSTED = rows(
        "SELECT p.subject, p.cause FROM {rows} r CROSS JOIN posting_set p \
         WHERE p.subject = r.subject AND p.cause = r.cause",
        [("subject", Text), ("cause", Text)], [Text, Text]);
    /// Notes posting sets.
    INSERT_SETS = rows(
        "INSERT INTO posting_set (subject, cause, currency, at) \
         SELECT r.subject, r.cause, r.currency, r.at FROM {rows} r",
        [("subject", Text), ("cause", Text), ("currency", Text), ("at", Int)], []);
    /// Posts lines.
    INSERT_LINES = rows(
        "INSERT INTO posting (seq, at, account, currency, amount, balance_after, subject, cause) \
         SELECT r.seq, r.at, r.account, r.currency, r.amount, r.balance_after, r.subject, r.cause \
         FROM {rows} r",
        [("seq", Int), ("at", Int), ("account", Text), ("currency", Text), ("amount", Int),
         ("balance_after", Int), ("subject", Text), ("cause", Text)], []);
    /// Lines of an account, newest first.
    LINES = values(
        "SELECT seq, at, account, currency, amount, balance_after, subject, cause FROM posting \
         WHERE account = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
        [Text, Int, Int], [Int, Int, Text, Text, Int, Int, Text, Text]);
    /// Lines about a subject.
    LINES_ABOUT = values(
        "SELECT seq, at, account, currency, amount, balance_after, subject, cause FROM posting \
         WHERE subject = $1 ORDER BY seq LIMIT $2",
        [Text, Int], [Int, Int, Text, Text, Int, Int, Text, Text]);
    /// Sum of all balances of each currency.
    SUMS = values(
        "SELECT currency, CAST(sum(balance) AS BIGINT) FROM account GROUP BY currency ORDER BY currency",
        [], [Text, Int]);
}
