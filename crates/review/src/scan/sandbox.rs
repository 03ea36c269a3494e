//! What a worker takes from itself before it reads: memory beyond a bound, files, the network, new programs. What the kernel does not
//! offer is left out, and [`missing`] says so.

use std::{collections::BTreeMap, fs::File, time::Duration};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, SeccompRule, TargetArch};

/// The file-system rules that are asked for; what an older kernel does not know is left out.
const FILES_ABI: ABI = ABI::V3;
/// The rules on TCP.
const NETWORK_ABI: ABI = ABI::V4;
/// Descriptors that a worker may have open.
const OPEN_FILES_MAX: u64 = 64;

/// Bounds memory that may be written to, and rules out core dumps and written files.
pub(super) fn limit_memory(bytes: u64) {
    let bound = |resource, most: u64| {
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    };
    // RLIMIT_DATA counts what is private and writable; address space that an allocator only reserves does not count.
    bound(Resource::Data, bytes);
    bound(Resource::Core, 0);
    bound(Resource::Fsize, 0);
    bound(Resource::Nofile, OPEN_FILES_MAX);
}

/// Lets this process have so much more of the processor's time, and be killed by the kernel after that.
pub(super) fn limit_processor(more: Duration) {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let used = u64::try_from(used.tv_sec).unwrap_or(0);
    let most = Some(used + more.as_secs() + 5);
    let _ = setrlimit(Resource::Cpu, Rlimit { current: most, maximum: None });
}

/// Takes files, network and new programs away. `network` leaves the network; `but` is a file that may be opened again.
pub(super) fn confine(network: bool, but: Option<&File>) {
    let _ = rustix::thread::set_no_new_privs(true);
    // A database worker reads certificates and names of hosts from files.
    if !network {
        let _ = no_files(but);
    }
    let _ = filter(network);
}

/// No file can be opened any more; those that are open stay so.
fn no_files(but: Option<&File>) -> Result<RulesetStatus, landlock::RulesetError> {
    let rule = |file| Ok::<_, landlock::RulesetError>(PathBeneath::new(file, AccessFs::ReadFile));
    let rules = but.map(rule);
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(FILES_ABI))?
        .handle_access(AccessNet::from_all(NETWORK_ABI))?
        .create()?
        .add_rules(rules)?
        .restrict_self()?;
    Ok(status.ruleset)
}

/// Calls that no reader needs: a worker that tries one gets an error.
fn filter(network: bool) -> Option<()> {
    let calls: BTreeMap<i64, Vec<SeccompRule>> =
        refused(network).into_iter().map(|call| (call, Vec::new())).collect();
    let arch = TargetArch::try_from(std::env::consts::ARCH).ok()?;
    let denied = SeccompAction::Errno(1);
    let filter = SeccompFilter::new(calls, SeccompAction::Allow, denied, arch).ok()?;
    let program = BpfProgram::try_from(filter).ok()?;
    seccompiler::apply_filter_all_threads(&program).ok()
}

/// Numbers of calls by architecture: network, programs, other processes, the kernel itself.
#[cfg(target_arch = "x86_64")]
fn refused(network: bool) -> Vec<i64> {
    // execve, execveat, ptrace, process_vm_readv and writev, kexec_load, kexec_file_load, init_module, finit_module,
    // delete_module, mount, umount2, pivot_root, chroot, bpf, perf_event_open, userfaultfd, keyctl, add_key, request_key,
    // unshare, setns, io_uring_setup, reboot, swapon, swapoff, kill, tkill, pidfd_open, memfd_create, acct, quotactl
    let mut calls = vec![
        59, 322, 101, 310, 311, 246, 320, 175, 313, 176, 165, 166, 155, 161, 321, 298, 323, 250,
        248, 249, 272, 308, 425, 169, 167, 168, 62, 200, 434, 319, 163, 179,
    ];
    if !network {
        // socket, connect, accept, bind, listen, accept4
        calls.extend([41, 42, 43, 49, 50, 288]);
    }
    calls
}

/// As on x86-64, by the numbers of the generic table.
#[cfg(target_arch = "aarch64")]
fn refused(network: bool) -> Vec<i64> {
    let mut calls = vec![
        221, 281, 117, 270, 271, 104, 294, 105, 273, 106, 40, 39, 41, 51, 280, 241, 282, 219, 217,
        218, 97, 268, 425, 142, 224, 225, 129, 130, 434, 279, 89, 60,
    ];
    if !network {
        calls.extend([198, 203, 202, 200, 201, 242]);
    }
    calls
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn refused(_: bool) -> Vec<i64> {
    Vec::new()
}

/// What this machine does not offer to a worker: tried on a thread that ends with the trial.
pub fn missing() -> Vec<&'static str> {
    let tried = std::thread::spawn(|| {
        let mut missing = Vec::new();
        let _ = rustix::thread::set_no_new_privs(true);
        match no_files(None) {
            Ok(RulesetStatus::FullyEnforced) => {}
            Ok(RulesetStatus::PartiallyEnforced) => {
                missing.push("scan workers: the kernel's landlock is older than TCP rules; seccomp stands in for them");
            }
            _ => missing
                .push("scan workers: the kernel has no landlock, a reader could open other files"),
        }
        if filter_this_thread().is_none() {
            missing.push("scan workers: no seccomp, a reader could use the network");
        }
        missing
    });
    tried.join().unwrap_or_else(|_| vec!["scan workers: the sandbox could not be tried"])
}

fn filter_this_thread() -> Option<()> {
    let calls = refused(false).into_iter().map(|call| (call, Vec::new())).collect();
    let arch = TargetArch::try_from(std::env::consts::ARCH).ok()?;
    let filter =
        SeccompFilter::new(calls, SeccompAction::Allow, SeccompAction::Errno(1), arch).ok()?;
    seccompiler::apply_filter(&BpfProgram::try_from(filter).ok()?).ok()
}
