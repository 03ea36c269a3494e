//! A solver's model as facts that `sarai law ask` reads.

use cedar_policy::Request;
use sarai_law::{
    Aim, Basis, Class, Country, Deal, Facts, Ground, Jurisdiction, Kind, OperatorFacts, Payload,
    Recipient, RecipientKind, Requirement, Sector, Set, UsBulk, Word,
};
use serde_json::Value;

/// The facts of a request about a transfer; `None` where it holds what no facts can say.
pub fn facts(request: &Request, laws: Set<Jurisdiction>) -> Option<Facts> {
    let context = request.context()?.to_json_value().ok()?;
    let reader = Reader(&context);
    let id = |uid: &cedar_policy::EntityUid| uid.id().unescaped().to_owned();
    let kind = RecipientKind::of(&id(request.resource()?))?;
    let classes = [
        ("personal", Class::Personal),
        ("sensitive", Class::Sensitive),
        ("important", Class::Important),
        ("core", Class::Core),
    ];
    let classes = classes.into_iter().filter(|(name, _)| reader.flag(name));
    Some(Facts {
        laws,
        operator: OperatorFacts {
            home: reader.country("home")?,
            ciio: id(request.principal()?) == "ciio",
            us_person: reader.flag("us_person"),
            sectors: reader.words::<Sector>("sectors")?,
            persons_held: reader.count("persons_held")?,
            faces_held: reader.count("faces_held")?,
            ..OperatorFacts::default()
        },
        payload: Payload {
            classes: classes.map(|(_, class)| class).collect(),
            kinds: reader.words::<Kind>("kinds")?,
            persons: reader.count("persons")?,
            sensitive_persons: reader.count("sensitive_persons")?,
            persons_two_years: reader.count("persons_two_years")?,
            sensitive_two_years: reader.count("sensitive_two_years")?,
            us: reader.bulk()?,
        },
        recipient: Some(Recipient {
            country: reader.country("to")?,
            kind,
            covered_person: reader.flag("covered_person"),
            restricted: reader.flag("restricted"),
        }),
        aim: reader.word::<Aim>("aim")?,
        basis: reader.word::<Basis>("basis")?,
        deal: reader.word::<Deal>("deal")?,
        grounds: reader.words::<Ground>("grounds")?,
        done: reader.words::<Requirement>("met")?,
        objected: reader.flag("objected"),
        ..Facts::default()
    })
}

struct Reader<'a>(&'a Value);

impl Reader<'_> {
    fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    fn count(&self, name: &str) -> Option<u64> {
        u64::try_from(self.0.get(name)?.as_i64()?).ok()
    }

    /// A rule can only compare a country with codes, so a text that is no code stands for a country that no rule names.
    fn country(&self, name: &str) -> Option<Country> {
        let text = self.0.get(name)?.as_str()?;
        Country::of(text).or_else(|| Country::of("AQ"))
    }

    fn word<T: Word>(&self, name: &str) -> Option<T> {
        T::of(entity(self.0.get(name)?)?)
    }

    fn words<T: Word>(&self, name: &str) -> Option<Set<T>> {
        self.0
            .get(name)?
            .as_array()?
            .iter()
            .map(|one| T::of(entity(one)?))
            .collect::<Option<Set<T>>>()
    }

    fn bulk(&self) -> Option<UsBulk> {
        Some(UsBulk {
            genomic: self.count("us_genomic")?,
            omic: self.count("us_omic")?,
            biometric: self.count("us_biometric")?,
            geolocation: self.count("us_geolocation")?,
            health: self.count("us_health")?,
            financial: self.count("us_financial")?,
            identifiers: self.count("us_identifiers")?,
            combined: self.count("us_combined")?,
        })
    }
}

fn entity(value: &Value) -> Option<&str> {
    value.get("__entity")?.get("id")?.as_str()
}
