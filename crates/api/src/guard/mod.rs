//! What every request passes before its handler: origin, identity, role, scope, limits. Driven by the route's [`Spec`].

pub mod address;
pub mod csrf;
pub mod rate;

use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sarai_kernel::{Caller, Role, Timestamp, Via};
use tokio::sync::Semaphore;

use crate::{
    app::App,
    observe::RequestNumber,
    problem::Problem,
    spec::{Answer, Class, Entry, Spec},
    version::seen,
    who::{Anybody, identify, pre_auth},
};
use rate::{Rate, Verdict};

/// Cost units that an account may spend in a minute.
pub const ACCOUNT_UNITS: u32 = 600;
/// Cost units that an address without a session may spend in a minute.
pub const ADDRESS_UNITS: u32 = 60;
/// Longest that a request may take, streams apart.
pub const REQUEST_SECONDS_MAX: u64 = 30;

/// Rate limits and crowds of this process.
pub(crate) struct Limits {
    account: Rate,
    address: Rate,
    crowds: HashMap<Class, Arc<Semaphore>>,
}

impl Limits {
    pub(crate) fn new((account, address): (u32, u32)) -> Self {
        let crowd = |class, size| (class, Arc::new(Semaphore::new(size)));
        Self {
            account: Rate::new(account, account),
            // An address may save up two minutes: a page that opens asks for several things at once.
            address: Rate::new(address, address.saturating_mul(2)),
            crowds: HashMap::from([
                crowd(Class::Board, 256),
                crowd(Class::Post, 128),
                crowd(Class::Money, 64),
                crowd(Class::Export, 2),
            ]),
        }
    }
}

/// Runs before each handler. Refuses, or hands on with [`Anybody`] set.
pub(crate) async fn enter(
    State((app, spec)): State<(Arc<App>, Arc<Spec>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let now = app.clock.now();
    let address = address::of(&app.trusted, &request);
    let number = request.extensions().get::<RequestNumber>().map(|number| Arc::clone(&number.0));
    // Not a reference to the request itself: its body cannot be shared between threads.
    let asks = (request.method().clone(), request.headers());
    let (caller, spent) = match check(&app, &spec, asks, address, now).await {
        Ok(fine) => fine,
        Err(problem) => return problem.into_response(),
    };
    let anybody = Anybody {
        caller,
        address,
        now,
        request: number.unwrap_or_else(|| Arc::from("")),
        pre_auth: pre_auth(request.headers()),
    };
    let _place = match place(&app, spec.class) {
        Ok(place) => place,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(anybody);
    request.extensions_mut().insert(Arc::clone(&spec));
    let running = next.run(request);
    let mut response = if spec.class == Class::Stream {
        running.await
    } else {
        match tokio::time::timeout(Duration::from_secs(REQUEST_SECONDS_MAX), running).await {
            Ok(response) => response,
            Err(_) => Problem::new("overloaded").into_response(),
        }
    };
    if let Some(spent) = spent {
        show_limit(&mut response, &app, spent);
    }
    response
}

async fn check(
    app: &App,
    spec: &Spec,
    (method, headers): (Method, &HeaderMap),
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<(Option<Caller>, Option<Verdict>), Problem> {
    if !matches!(method, Method::GET | Method::HEAD) {
        csrf::check(headers, app)?;
    }
    accepts(headers.get(header::ACCEPT), spec)?;
    let caller = match identify(app, headers, address, now).await {
        // An ended session on an open route (sign-in, the public board) is as good as none.
        Err(problem) if spec.entry == Entry::Anyone && problem.code() == "session_expired" => {
            Ok(None)
        }
        other => other,
    };
    let from_address = || app.limits.address.spend(&address::key(address), spec.cost, now).fine();
    // Wrong tokens cost their address as much as anonymous requests do.
    let caller = match caller {
        Ok(caller) => caller,
        Err(problem) => return Err(from_address().err().unwrap_or(problem)),
    };
    let spent =
        caller.as_ref().map(|caller| app.limits.account.spend(&caller.actor(), spec.cost, now));
    match &spent {
        Some(spent) => spent.fine()?,
        None => from_address()?,
    }
    if !spec.goes_on_suspended() {
        app.gate.orders().service(now)?;
    }
    may_enter(spec, caller.as_ref(), now)?;
    if spec.if_match && seen(headers)?.is_none() {
        return Err(Problem::new("version_required"));
    }
    Ok((caller, spent))
}

fn may_enter(spec: &Spec, caller: Option<&Caller>, now: Timestamp) -> Result<(), Problem> {
    let Some(caller) = caller else {
        return if spec.entry == Entry::Anyone {
            Ok(())
        } else {
            Err(Problem::new("unauthenticated"))
        };
    };
    if let Via::Key { scopes, .. } = &caller.via {
        let open = spec.entry == Entry::Anyone;
        let fine = spec.scope.map_or(open, |needed| scopes.iter().any(|scope| scope == needed));
        if !fine {
            return Err(Problem::new("scope_missing"));
        }
    }
    if let Entry::Roles(roles) = spec.entry
        && !roles.iter().any(|role| caller.has(*role))
    {
        return Err(Problem::new("role_missing"));
    }
    if caller.suspended && !spec.suspended_may {
        return Err(Problem::new("account_suspended"));
    }
    if spec.step_up && !caller.stepped_up(now) {
        return Err(Problem::new("step_up_required"));
    }
    Ok(())
}

fn accepts(accept: Option<&HeaderValue>, spec: &Spec) -> Result<(), Problem> {
    let wanted: &[&str] = match &spec.answer.1 {
        Answer::Json(_) | Answer::List(_) => &["application/json", "application/*", "*/*"],
        Answer::Empty | Answer::Bytes(_) => return Ok(()),
    };
    let Some(line) = accept.and_then(|line| line.to_str().ok()) else { return Ok(()) };
    let mut ranges =
        line.split(',').map(|range| range.split(';').next().unwrap_or_default().trim());
    let fine = line.trim().is_empty() || ranges.any(|range| wanted.contains(&range));
    if fine { Ok(()) } else { Err(Problem::new("not_acceptable")) }
}

fn place(app: &App, class: Class) -> Result<Option<tokio::sync::OwnedSemaphorePermit>, Problem> {
    let Some(crowd) = app.limits.crowds.get(&class) else { return Ok(None) };
    let place = Arc::clone(crowd).try_acquire_owned();
    place.map(Some).map_err(|_| Problem::new("overloaded"))
}

fn show_limit(response: &mut Response, app: &App, spent: Verdict) {
    let policy = format!("\"account\";q={};w=60", app.limits.account.units());
    let left = format!("\"account\";r={};t={}", spent.left, spent.reset_seconds);
    let headers = response.headers_mut();
    for (name, text) in [("ratelimit-policy", policy), ("ratelimit", left)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
}

/// Staff roles, for routes that any of them may use.
pub const ANY_STAFF: &[Role] = &[
    Role::OpVerify,
    Role::OpMarket,
    Role::OpMoney,
    Role::OpSupport,
    Role::OpSafety,
    Role::OpAdmin,
    Role::PrivacyOfficer,
];
