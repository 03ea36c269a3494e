//! `xtask check` over this tree, as part of every test run: a build of its own would compile the law a second time.

use std::process::Command;

#[test]
fn the_tree_is_as_the_tables_and_generated_files_say() {
    let check =
        Command::new(env!("CARGO_BIN_EXE_sarai-xtask")).arg("check").output().expect("it starts");
    let told = String::from_utf8_lossy(&check.stderr);
    assert!(check.status.success(), "{told}");
}
