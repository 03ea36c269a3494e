//! Pages of lists that are kept under a key: where one starts, and the cursor to the next.

use sarai_kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    cursor::{CursorScope, page_limit},
    problem::Problem,
};

/// The parameters of every plain list.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Rows wanted.
    #[schema(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// Where the page starts.
    #[schema(max_length = 1024)]
    pub cursor: Option<String>,
}

/// One page of a list.
pub(crate) struct Paging {
    scope: CursorScope,
    /// Rows wanted.
    pub limit: u32,
    /// Start after this place.
    pub after: Option<(i64, Uuid)>,
}

impl Paging {
    /// The page that is asked for.
    pub(crate) fn open(
        app: &App,
        route: &'static str,
        principal: impl Into<String>,
        filter: &impl Serialize,
        (limit, cursor): (Option<u32>, Option<&str>),
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let scope = CursorScope::new(route, principal, filter);
        let after = app.cursors.open_if(&scope, cursor, now)?;
        Ok(Self { scope, limit: page_limit(limit)?, after })
    }

    /// The cursor behind the last of `count` rows; `None` where the list ends.
    pub(crate) fn next(
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
