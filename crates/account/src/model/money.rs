//! Money in and out: payments that wait for a second pair of eyes, and accounts for payouts.

use sarai_kernel::{
    Key, Money, PartyId, PayoutAccountId, Timestamp,
    personal::{BankAccount, Name},
    purpose::{Resolve, SelfAccess, Settle},
};
use sarai_seal::{Personal, Record, Sealed, SubjectId};
use serde::{Deserialize, Serialize};

/// In or out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    /// Into the wallet.
    Topup,
    /// Out of the wallet.
    Payout,
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Waits for a second pair of eyes.
    AwaitingApproval,
    /// The money moved.
    Done,
    /// Refused; nothing moved, or it came back.
    Refused,
}

impl PaymentState {
    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AwaitingApproval => "awaiting_approval",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// A payment to or from the outside, and its approval.
#[derive(Debug, Clone, PartialEq, Record)]
#[record(kind = "payment", schema = 1)]
pub struct Payment {
    /// Whose wallet.
    pub party: PartyId,
    /// In or out.
    pub kind: PaymentKind,
    /// Where it stands.
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// By which way it comes in.
    pub method: Option<String>,
    /// Account that it goes out to.
    pub account: Option<PayoutAccountId>,
    /// What the payer must quote.
    pub reference: Option<String>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Who asked: the member, or staff for a manual top-up.
    pub asked_by: PartyId,
    /// Why, for a manual top-up.
    pub asked_why: Option<String>,
    /// Who decided.
    pub decided_by: Option<PartyId>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// The decider's reason.
    pub reason: Option<String>,
}

impl Payment {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        let asked = self.asked_at.as_micros();
        vec![
            Key::new("payment.party", self.party, asked),
            Key::new("payment.state", self.state.word(), asked),
            Key::new("payment.all", "1", asked),
        ]
    }
}

/// A bank account for payouts, in the party's own name.
#[derive(Debug, Personal, Record)]
#[record(kind = "payout_account", schema = 1)]
pub struct PayoutAccount {
    /// Whose it is.
    #[subject]
    pub subject: SubjectId,
    /// Whose it is.
    pub party: PartyId,
    /// The bank.
    pub bank: String,
    /// Last four characters of its number, to tell accounts apart.
    pub ending: String,
    /// From when money may go there.
    pub usable_at: Timestamp,
    /// Since when.
    pub created_at: Timestamp,
    /// In whose name.
    #[personal(class = Payment, purposes(Settle, Resolve, SelfAccess), keep = "account + 5y", basis = "contract", leaves = "bank")]
    pub holder: Option<Sealed<Name, PayoutAccountHolder>>,
    /// Its number.
    #[personal(class = Payment, purposes(Settle, Resolve, SelfAccess), keep = "account + 5y", basis = "contract", leaves = "bank")]
    pub number: Option<Sealed<BankAccount, PayoutAccountNumber>>,
}

impl PayoutAccount {
    /// Its keys.
    pub fn keys(&self) -> Vec<Key> {
        vec![Key::new("payout_account.party", self.party, self.created_at.as_micros())]
    }
}
