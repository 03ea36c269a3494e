//! What every store must do. Each test is a function over a [`Backend`](crate::Backend); `conformance!` makes tests of all of them.

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop and say where")]

pub mod audit;
pub mod backups;
pub mod documents;
pub mod events;
pub mod keys;
pub mod ledger;
mod make;
pub mod once;
pub mod sealed;
pub mod tally;

/// One `#[tokio::test]` for each conformance test, on one backend.
#[macro_export]
macro_rules! conformance {
    ($backend:expr) => {
        $crate::conformance_tests! { $backend;
            documents: a_document_comes_back, versions_count_and_a_stale_one_is_refused,
                of_many_writers_exactly_one_wins, a_refused_decision_leaves_nothing,
                a_removed_document_is_gone_and_its_keys_are_free, everything_survives_a_restart,
                scanning_gives_each_document_once, two_processes_race_as_one;
            keys: a_unique_key_has_one_holder, two_documents_may_swap_a_unique_key,
                pages_break_ties_by_id_in_both_directions, timers_give_what_is_due,
                keys_hold_any_text;
            sealed: sealed_parts_come_back_and_their_words_are_not_on_the_disk,
                a_blind_key_finds_by_equality, erasure_leaves_nothing_readable,
                a_moved_ciphertext_does_not_open, new_subjects_at_once_get_one_key;
            events: places_have_no_gaps_and_readers_never_see_one, the_feed_gives_every_event_in_order;
            ledger: no_account_goes_below_zero_under_many_writers, a_posting_set_is_made_once,
                lines_add_up;
            once: of_fifty_at_once_one_is_done, answers_past_their_time_are_forgotten,
                an_old_lease_holder_is_fenced_off;
            backups: a_backup_taken_while_running_restores_whole,
                an_erasure_survives_the_restore_of_an_older_backup,
                the_list_of_erasures_brings_nobody_back;
            tally: each_person_counts_once_whoever_adds, a_count_that_moved_is_a_lost_race,
                a_refused_decision_counts_nobody;
            audit: the_chain_links_and_subjects_find_their_rows;
        }
    };
}

/// Expands to the tests. Use [`conformance!`].
#[macro_export]
macro_rules! conformance_tests {
    ($backend:expr; $($module:ident: $($test:ident),* $(,)?;)*) => {$($(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            $crate::conformance::$module::$test($backend).await;
        }
    )*)*};
}
