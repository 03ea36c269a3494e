// What the programs beside this file have in common.
use sarai_seal::__private::serde;
use sarai_seal::{Disclose, Personal, Sealed, SubjectId, purpose, zeroize::Zeroize};

purpose! {
    pub Dispatch = "dispatch", en: "To arrange your trip.", zh: "为安排您的行程。";
    pub Marketing = "marketing", en: "To tell you of offers.", zh: "为向您介绍优惠。";
}

#[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(crate = "sarai_seal::__private::serde")]
pub struct Phone(String);

impl Phone {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Zeroize for Phone {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

#[derive(Personal)]
pub struct Rider {
    #[subject]
    pub id: SubjectId,
    #[personal(class = Contact, purposes(Dispatch), keep = "trip + 30d")]
    pub phone: Sealed<Phone, RiderPhone>,
    #[personal(class = Contact, purposes(Dispatch), keep = "account")]
    pub mail: Sealed<String, RiderMail>,
}

#[derive(Disclose)]
pub struct Card {
    #[subject]
    pub rider: SubjectId,
    pub phone: Sealed<Phone, RiderPhone>,
}

#[derive(Disclose)]
pub struct Page {
    #[view]
    pub items: Vec<Card>,
}

pub fn json<T: serde::Serialize>(_: &T) {}
