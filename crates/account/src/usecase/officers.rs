//! An officer at the operator's terminal, shown by role and authenticator: to read the data directory is not yet to be an officer.

use sarai_kernel::{Decision, Kind, PartyId, Refusal, Role, Timestamp, party::Standing};

use super::{factors, factors::Shown, profile::own_party};
use crate::{Account, account::security};

/// Roles that may stand for the house before an authority.
const OFFICERS: [Role; 2] = [Role::PrivacyOfficer, Role::OpAdmin];

/// Whether `party` is an officer who shows a fresh code of the authenticator. The code is used up, and the try is in the audit log.
pub async fn prove(
    account: &Account,
    party: PartyId,
    totp: &str,
    now: Timestamp,
) -> Result<(), Refusal> {
    let found = own_party(account, party).await?.record;
    let active = matches!(found.standing, Standing::Active);
    if !active || !OFFICERS.iter().any(|role| found.roles.contains(role)) {
        return Err(Refusal::new("role_missing", Kind::Forbidden));
    }
    let factors = factors::of(account, party).await?;
    let shown = factors::use_totp(account, factors, totp, now).await;
    let row = security(party, "step_up", party, party, shown.is_ok());
    let mut decision = Decision::new("account.officer", now).audit(row);
    if let Ok(Shown::Used(draft)) = shown {
        account.store.commit(decision.write(*draft)).await?;
        return Ok(());
    }
    decision.name = "account.officer_refused";
    account.store.commit(decision).await?;
    Err(Refusal::new("code_wrong", Kind::Unauthenticated))
}
