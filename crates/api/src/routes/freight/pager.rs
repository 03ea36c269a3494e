//! Pages of lists under a key: where one starts, and the cursor to the next.

use sarai_kernel::{Caller, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::App,
    cursor::{CursorScope, page_limit},
    problem::Problem,
};

/// One page of a list.
pub(super) struct Pager {
    scope: CursorScope,
    /// Rows wanted.
    pub limit: u32,
    /// Start after this place.
    pub after: Option<(i64, Uuid)>,
}

impl Pager {
    /// The page that is asked for.
    pub(super) fn open(
        app: &App,
        route: &'static str,
        caller: &Caller,
        filter: &impl Serialize,
        (limit, cursor): (Option<u32>, Option<&str>),
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let scope = CursorScope::new(route, caller.actor(), filter);
        let after = app.cursors.open_if(&scope, cursor, now)?;
        Ok(Self { scope, limit: page_limit(limit)?, after })
    }

    /// The cursor behind the last of `count` rows; `None` where the list ends.
    pub(super) fn next(
        &self,
        app: &App,
        count: usize,
        last: Option<(i64, Uuid)>,
        now: Timestamp,
    ) -> Result<Option<String>, Problem> {
        let more = last.filter(|_| count >= self.limit as usize);
        more.map(|last| app.cursors.seal(&self.scope, &last, now)).transpose()
    }
}
