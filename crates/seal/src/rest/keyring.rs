//! The keys at hand, behind one door.

use super::{
    BlindIndex, Generation, KeyVersion, MasterKey, Person, PersonKey, RestError, Secret32,
    WrappedKey,
};
use crate::SubjectId;
use std::{
    collections::{HashMap, HashSet},
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

/// How many persons' keys are kept in memory; the least lately used half goes first. A person
/// takes half a kibibyte for each field in use.
pub const PERSONS_CACHED_MAX: usize = 30_000;

/// Makes, opens and keeps person keys; derives every other secret from the master.
pub struct Keyring {
    master: Arc<dyn MasterKey>,
    derive_from: KeyVersion,
    persons: Mutex<Cache>,
    indexes: RwLock<HashMap<&'static str, BlindIndex>>,
}

/// Two halves of a cache: what was used since the last turn, and what was used before it.
#[derive(Default)]
struct Cache {
    young: HashMap<SubjectId, Arc<Person>>,
    old: HashMap<SubjectId, Arc<Person>>,
    /// Erased since the start: a reader who fetched a wrapped key just before its deletion must
    /// not bring it back. Sixteen bytes an erasure.
    forgotten: HashSet<SubjectId>,
}

impl Keyring {
    /// A keyring that derives its secrets from `mk-1`.
    pub fn new(master: Arc<dyn MasterKey>) -> Self {
        Self {
            master,
            derive_from: KeyVersion::FIRST,
            persons: Mutex::default(),
            indexes: RwLock::default(),
        }
    }

    /// Derives indexes and secrets from another master version: the last step of rotating them.
    #[must_use]
    pub fn deriving_from(self, version: KeyVersion) -> Self {
        Self { derive_from: version, indexes: RwLock::default(), ..self }
    }

    /// The master behind it.
    pub fn master(&self) -> &dyn MasterKey {
        &*self.master
    }

    /// A fresh key for a new person: keep the wrapped key before anything is sealed with it.
    pub fn issue(&self, subject: SubjectId) -> Result<(Arc<Person>, WrappedKey), RestError> {
        self.issue_generation(subject, Generation::FIRST)
    }

    /// A fresh key of a later generation, for a person whose key may have leaked.
    pub fn issue_generation(
        &self,
        subject: SubjectId,
        generation: Generation,
    ) -> Result<(Arc<Person>, WrappedKey), RestError> {
        let key = PersonKey::random(generation)?;
        let wrapped = self.master.wrap(subject, &key)?;
        Ok((self.keep(Person::new(subject, key))?, wrapped))
    }

    /// The person's key if it is in memory: no need to fetch the wrapped one.
    pub fn at_hand(&self, subject: SubjectId) -> Option<Arc<Person>> {
        self.lock().get(subject)
    }

    /// The person's key, from memory or by unwrapping.
    pub fn person(
        &self,
        subject: SubjectId,
        wrapped: &WrappedKey,
    ) -> Result<Arc<Person>, RestError> {
        match self.at_hand(subject) {
            Some(person) if person.generation() == wrapped.generation() => Ok(person),
            _ => self.keep(Person::new(subject, self.master.unwrap(subject, wrapped)?)),
        }
    }

    /// Drops a person's key from memory, also under whoever holds it, and refuses to take it up
    /// again while this process lives. With the wrapped key deleted this is erasure; each process
    /// that has a keyring must be told.
    pub fn forget(&self, subject: SubjectId) {
        let held = self.lock().forget(subject);
        held.into_iter().flatten().for_each(|person| person.forget());
    }

    /// Wraps a key anew under the current master version; `None` if it already is.
    pub fn rewrap(
        &self,
        subject: SubjectId,
        wrapped: &WrappedKey,
    ) -> Result<Option<WrappedKey>, RestError> {
        if wrapped.master() == self.master.current() {
            return Ok(None);
        }
        let key = self.master.unwrap(subject, wrapped)?;
        self.master.wrap(subject, &key).map(Some)
    }

    /// The blind index of a field. Derived once; the fields are the program's own, so few.
    pub fn blind_index(&self, field: &'static str) -> Result<BlindIndex, RestError> {
        let known = self.indexes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = known.get(field) {
            return Ok(index.clone());
        }
        drop(known);
        let index = BlindIndex::new(&*self.master, self.derive_from, field)?;
        let mut known = self.indexes.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(field, index.clone());
        Ok(index)
    }

    /// A secret for a use, the same each time.
    pub fn derive(&self, label: &str) -> Result<Secret32, RestError> {
        self.master.derive(self.derive_from, label)
    }

    fn keep(&self, person: Person) -> Result<Arc<Person>, RestError> {
        let mut cache = self.lock();
        if cache.forgotten.contains(&person.subject()) {
            return Err(RestError::Forgotten);
        }
        let person = Arc::new(person);
        cache.put(Arc::clone(&person));
        Ok(person)
    }

    fn lock(&self) -> MutexGuard<'_, Cache> {
        // A cache: whatever a panicking holder left is still a map of keys.
        self.persons.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<keyring under {}>", self.master.current())
    }
}

impl Cache {
    fn get(&mut self, subject: SubjectId) -> Option<Arc<Person>> {
        if let Some(person) = self.young.get(&subject) {
            return Some(Arc::clone(person));
        }
        let person = self.old.remove(&subject)?;
        self.put(Arc::clone(&person));
        Some(person)
    }

    fn put(&mut self, person: Arc<Person>) {
        if self.young.len() >= PERSONS_CACHED_MAX / 2 {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(person.subject(), person);
    }

    fn forget(&mut self, subject: SubjectId) -> [Option<Arc<Person>>; 2] {
        self.forgotten.insert(subject);
        [self.young.remove(&subject), self.old.remove(&subject)]
    }
}

#[cfg(test)]
mod tests {
    use super::{Keyring, PERSONS_CACHED_MAX};
    use crate::{SubjectId, rest::MemoryMaster};
    use std::sync::Arc;
    use uuid::Uuid;

    #[test]
    fn the_cache_is_bounded_and_keeps_what_is_used() {
        let ring = Keyring::new(Arc::new(MemoryMaster::random().unwrap()));
        let subject = |i: u128| SubjectId::from_uuid(Uuid::from_u128(i));
        for i in 0..PERSONS_CACHED_MAX as u128 + 1_000 {
            ring.keep(super::Person::new(
                subject(i),
                super::PersonKey::random(super::Generation::FIRST).unwrap(),
            ))
            .unwrap();
            assert!(ring.at_hand(subject(0)).is_some());
        }
        let held = ring.lock();
        assert!(held.young.len() + held.old.len() <= PERSONS_CACHED_MAX);
        assert!(!held.young.contains_key(&subject(1)) && !held.old.contains_key(&subject(1)));
    }
}
