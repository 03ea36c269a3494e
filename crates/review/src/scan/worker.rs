//! A process of its own for the readers of formats in which a hostile file could harm its reader: no network, no files but those that
//! it is handed, bounded memory. It is handed open files over a socket and answers with what it counted, never with what it read.

use std::{
    fs::File,
    io::{self, IoSlice, IoSliceMut, Write},
    mem::MaybeUninit,
    os::fd::{AsFd, OwnedFd},
    os::unix::net::UnixStream,
    time::{Duration, Instant},
};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde::{Deserialize, Serialize};

use super::{Unit, sandbox, tally};
use crate::source::{Context, Format, Input, Limits, Problem, Stopped};

/// What a worker is asked: the file comes beside it, as an open descriptor.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) day: String,
    /// In percent, as [`sarai_detect::Confidence::percent`] gives it.
    pub(super) confidence_min: u8,
    pub(super) limits: Limits,
    /// Length of the file.
    pub(super) bytes: u64,
    /// Its reader must open the file by its name again; such a worker is used once.
    pub(super) opens_again: bool,
    /// A database to read instead of a file.
    pub(super) database: Option<String>,
}

/// What a worker answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) format: Format,
    pub(super) units: Vec<Unit>,
    pub(super) problems: Vec<Problem>,
}

/// A message over the socket is its length and itself.
const MESSAGE_BYTES_MAX: usize = 256 << 20;

/// Serves orders from the socket that is this process's standard input, until it is closed.
///
/// # Errors
/// The sandbox could not be put up, or the socket does not read or write.
pub fn serve(confine: bool) -> io::Result<()> {
    let socket = UnixStream::from(rustix::io::dup(io::stdin().as_fd())?);
    // The first order says what the worker needs: the network for a database, a file's name for SQLite.
    let mut confined = false;
    loop {
        let Some((order, file)) = receive(&socket)? else { return Ok(()) };
        let order: Order = serde_json::from_slice(&order)?;
        if confine && !std::mem::replace(&mut confined, true) {
            sandbox::limit_memory(order.limits.worker_memory_bytes_max);
            sandbox::confine(order.database.is_some(), file.as_ref().filter(|_| order.opens_again));
        }
        if confine && order.database.is_none() {
            sandbox::limit_processor(order.limits.time_for(order.bytes));
        }
        let answer = answer(&order, file);
        send(&socket, &serde_json::to_vec(&answer)?, None)?;
    }
}

fn answer(order: &Order, file: Option<File>) -> Answer {
    let confidence_min = confidence_of(order.confidence_min);
    let detector = tally::detector(confidence_min);
    let mut tally = tally::Tally::new(&detector, &order.day, confidence_min);
    let format = match (&order.database, file) {
        (Some(url), _) => super::databases::read(url, &order.limits, &mut tally),
        (None, Some(file)) => {
            let mut cx = Context::new(&mut tally, &order.limits, order.bytes);
            crate::source::read(Input::File(file, order.bytes), "", &mut cx)
        }
        (None, None) => Format::Empty,
    };
    let (units, problems) = tally.finish();
    Answer { format, units, problems }
}

/// The confidence of a percentage.
pub(super) fn confidence_of(percent: u8) -> sarai_detect::Confidence {
    use sarai_detect::Confidence::{Likely, Possible, Sure};
    [Possible, Likely].into_iter().find(|level| percent <= level.percent()).unwrap_or(Sure)
}

/// Sends a message, with an open file beside its first byte.
pub(super) fn send(socket: &UnixStream, message: &[u8], file: Option<&File>) -> io::Result<()> {
    let length = (message.len() as u64).to_le_bytes();
    let descriptors = file.map(|file| [file.as_fd()]);
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    if let Some(descriptors) = &descriptors
        && !beside.push(SendAncillaryMessage::ScmRights(descriptors))
    {
        return Err(io::Error::other("no room for the descriptor"));
    }
    let sent = sendmsg(socket, &[IoSlice::new(&length)], &mut beside, SendFlags::NOSIGNAL)?;
    let mut socket = socket;
    socket.write_all(length.get(sent..).unwrap_or_default())?;
    socket.write_all(message)
}

/// Receives a message and the file beside it; none where the other side is gone.
pub(super) fn receive(socket: &UnixStream) -> io::Result<Option<(Vec<u8>, Option<File>)>> {
    let mut length = [0; 8];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut beside = RecvAncillaryBuffer::new(&mut space);
    let received =
        recvmsg(socket, &mut [IoSliceMut::new(&mut length)], &mut beside, RecvFlags::CMSG_CLOEXEC)?
            .bytes;
    if received == 0 {
        return Ok(None);
    }
    let file = beside.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut files) => files.next().map(File::from),
        _ => None,
    });
    let mut socket = socket;
    io::Read::read_exact(&mut socket, length.get_mut(received..).unwrap_or_default())?;
    let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > MESSAGE_BYTES_MAX {
        return Err(io::Error::other("a message beyond its bound"));
    }
    let mut message = vec![0; length];
    io::Read::read_exact(&mut socket, &mut message)?;
    Ok(Some((message, file)))
}

/// A worker as its owner sees it.
#[derive(Debug)]
pub(super) struct Worker {
    child: std::process::Child,
    socket: UnixStream,
}

/// How an order ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Answered.
    Done(Box<Answer>),
    /// The worker ended without an answer.
    Crashed,
    /// The time was over; the worker was killed.
    TimedOut,
    /// The scan was stopped; the worker was killed.
    Stopped(Stopped),
}

/// How often a waiting owner looks whether it should stop.
const LOOK_EVERY: Duration = Duration::from_millis(200);

impl Worker {
    /// Starts one.
    ///
    /// # Errors
    /// The program does not start.
    pub(super) fn start(program: &super::WorkerProgram) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        let child = std::process::Command::new(&program.program)
            .args(&program.arguments)
            // Nothing of the environment: no proxy, no password, no library path.
            .env_clear()
            .stdin(OwnedFd::from(theirs))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()?;
        ours.set_read_timeout(Some(LOOK_EVERY))?;
        Ok(Self { child, socket: ours })
    }

    /// Gives an order and waits for its answer, at most this long.
    pub(super) fn ask(
        &mut self,
        order: &Order,
        file: Option<&File>,
        time_max: Duration,
        mut stop: impl FnMut() -> Option<Stopped>,
    ) -> Outcome {
        let Ok(message) = serde_json::to_vec(order) else { return Outcome::Crashed };
        if send(&self.socket, &message, file).is_err() {
            return Outcome::Crashed;
        }
        let until = Instant::now() + time_max;
        loop {
            if rustix::event::poll(
                &mut [rustix::event::PollFd::new(&self.socket, rustix::event::PollFlags::IN)],
                Some(&rustix::event::Timespec { tv_sec: 0, tv_nsec: 200_000_000 }),
            ) == Ok(0)
            {
                if let Some(stopped) = stop() {
                    return Outcome::Stopped(stopped);
                }
                if Instant::now() >= until {
                    return Outcome::TimedOut;
                }
                continue;
            }
            return match self.answer(until) {
                Ok(Some(answer)) => Outcome::Done(Box::new(answer)),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => Outcome::TimedOut,
                Ok(None) | Err(_) => Outcome::Crashed,
            };
        }
    }

    fn answer(&self, until: Instant) -> io::Result<Option<Answer>> {
        // An answer that has begun must come to its end within the time too.
        let left = until.saturating_duration_since(Instant::now()).max(Duration::from_secs(1));
        self.socket.set_read_timeout(Some(left))?;
        let Some((message, _)) = receive(&self.socket)? else { return Ok(None) };
        Ok(Some(serde_json::from_slice(&message)?))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Kill and wait: no process is left behind, whatever it was doing.
        if self.child.kill().is_ok() {
            let _ = self.child.wait();
        }
    }
}
