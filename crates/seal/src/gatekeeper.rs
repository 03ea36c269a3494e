//! Where grants are made. Only the gate (and tests) may name this module: `xtask` checks it.

use crate::{AuditRow, Grant, Purpose, Scope};

/// Makes a grant. The caller has asked the policy, checked consent, and written the audit row.
pub fn mint<P: Purpose>(scope: Scope, audit: AuditRow) -> Grant<P> {
    Grant::new(scope, audit)
}
