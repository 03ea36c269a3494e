//! Programs that must not compile, each for the reason at its head.
//!
//! They are checked by `rustc` alone against the library as built for this test, a few tenths of
//! a second each, and killed after a time: a bound that fails may make the compiler run for ever.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

const TIME_MAX: Duration = Duration::from_secs(20);
const PROGRAMS_MIN: usize = 30;

#[test]
fn every_program_is_refused_for_its_reason() {
    let programs = programs();
    assert!(programs.len() >= PROGRAMS_MIN, "{} programs", programs.len());
    let (rlib, deps) = library();
    let (queue, wrong) = (Mutex::new(programs), Mutex::new(Vec::new()));
    let workers = thread::available_parallelism().map_or(2, usize::from);
    let work = || {
        loop {
            let Some(program) = queue.lock().unwrap().pop() else { return };
            if let Err(reason) = judge(&program, &rlib, &deps) {
                wrong.lock().unwrap().push(format!("{}: {reason}", program.display()));
            }
        }
    };
    thread::scope(|s| (0..workers).for_each(|_| drop(s.spawn(work))));
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

fn programs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let files = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path());
    files.filter(|p| p.extension().is_some_and(|e| e == "rs") && !p.ends_with("town.rs")).collect()
}

/// The library that this test was linked with, or its twin: of those beside the test's own
/// program the newest, since cargo builds it before the test.
fn library() -> (PathBuf, PathBuf) {
    let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let files = fs::read_dir(&deps).unwrap().map(|f| f.unwrap());
    let ours = files.filter(|f| {
        let name = f.file_name().into_string().unwrap_or_default();
        name.starts_with("libsarai_seal-") && name.ends_with(".rlib")
    });
    let newest = ours.max_by_key(|f| f.metadata().unwrap().modified().unwrap());
    (newest.expect("the library is built before its tests").path(), deps)
}

/// What the first lines of a program expect: `//@ compiles`, or `//@ E0277: text` and
/// `//@ error: text`, one for each error.
fn judge(program: &Path, rlib: &Path, deps: &Path) -> Result<(), String> {
    let source = fs::read_to_string(program).unwrap();
    let expected: Vec<_> = source.lines().map_while(|l| l.strip_prefix("//@ ")).collect();
    let output = compile(program, rlib, deps)?;
    let errors = errors(&output);
    if expected == ["compiles"] {
        return if errors.is_empty() { Ok(()) } else { Err(format!("does not compile\n{output}")) };
    }
    if expected.is_empty() || errors.is_empty() {
        return Err("compiles, or expects nothing".to_owned());
    }
    let fits = |error: &str, expected: &str| {
        let (code, text) = expected.split_once(": ").unwrap_or((expected, ""));
        error.starts_with(code) && error.contains(text)
    };
    let foreseen = errors.iter().all(|error| expected.iter().any(|e| fits(error, e)));
    let complete = expected.iter().all(|e| errors.iter().any(|error| fits(error, e)));
    if foreseen && complete { Ok(()) } else { Err(format!("wants {expected:?}, is\n{output}")) }
}

/// The errors in the compiler's output, each as `E0277: text` or `error: text`, names without
/// the paths that the compiler adds at its discretion.
fn errors(output: &str) -> Vec<String> {
    let heads = output.lines().filter(|l| l.starts_with("error"));
    heads
        .filter(|l| !l.starts_with("error: aborting") && !l.starts_with("error: could not"))
        .map(|l| match l.strip_prefix("error[") {
            Some(coded) => unqualified(&coded.replacen(']', "", 1)),
            None => unqualified(l),
        })
        .collect()
}

/// `std::fmt::Display` -> `Display`.
fn unqualified(text: &str) -> String {
    let mut out = String::new();
    for part in text.split_inclusive("::") {
        let path = part.strip_suffix("::").filter(|p| p.ends_with(|c: char| c.is_alphanumeric()));
        out.push_str(match path {
            Some(path) => path.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_'),
            None => part,
        });
    }
    out
}

fn compile(program: &Path, rlib: &Path, deps: &Path) -> Result<String, String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let name = program.file_stem().unwrap().to_string_lossy();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.rmeta"));
    let mut command = Command::new(rustc);
    command
        .args(["--edition=2024", "--crate-type=bin", "--emit=metadata"])
        .args(["--color=never", "-Awarnings"])
        .arg(format!("--extern=sarai_seal={}", rlib.display()))
        .arg(format!("-Ldependency={}", deps.display()))
        .arg("-o")
        .args([&out, program]);
    within(TIME_MAX, command)
}

/// What a command writes to its standard error, or why there is none: it is killed after a time.
fn within(limit: Duration, mut command: Command) -> Result<String, String> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let (done, ended) = mpsc::channel();
    thread::spawn(move || {
        let mut output = String::new();
        let read = stderr.read_to_string(&mut output);
        done.send(read.map(|_| output))
    });
    let output = ended.recv_timeout(limit);
    if output.is_err() {
        child.kill().unwrap();
    }
    child.wait().unwrap();
    output.map_err(|_| format!("ran over {limit:?}"))?.map_err(|e| e.to_string())
}

#[test]
fn a_program_that_never_ends_is_killed() {
    let mut forever = Command::new("sleep");
    forever.arg("3600");
    let output = within(Duration::from_millis(50), forever);
    assert_eq!(output.unwrap_err(), "ran over 50ms");
}
