//! What every member has, whatever the market: sign-in and sessions, factors, roles, papers, files, a wallet, talk, ratings,
//! companies with their keys, and everything about one's own data.
//!
//! Architecture invariant: it never knows a market, HTTP or SQL. Sealed data is opened only under grants of the gate.
//!
//! Start at [`rules`], which decide; then the records in `model` and the use cases, one file each.

pub mod model;
pub mod rules;
