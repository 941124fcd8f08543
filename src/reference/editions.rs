//! Which reference data a node goes by now.

use std::sync::{Arc, PoisonError, RwLock};

use super::Reference;

/// Reference data, and the number of the edit that made it what it is.
#[derive(Clone, Debug)]
pub struct Edition {
    pub number: i32,
    pub reference: Arc<Reference>,
}

/// The newest edition that a node knows: shared by all who ask, and replaced as a whole.
#[derive(Clone, Debug)]
pub struct Editions(Arc<RwLock<Edition>>);

impl Editions {
    #[must_use]
    pub fn new(first: Edition) -> Self {
        Self(Arc::new(RwLock::new(first)))
    }

    #[must_use]
    pub fn newest(&self) -> Edition {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes a newer edition in. One that is older than what is known already comes late, and changes nothing.
    pub fn learn(&self, edition: Edition) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if edition.number > known.number {
            *known = edition;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_that_comes_late_changes_nothing() {
        let edition = |number| Edition { number, reference: Arc::new(Reference::build(Vec::new()).unwrap()) };
        let editions = Editions::new(edition(1));
        let shared = editions.clone();
        editions.learn(edition(3));
        editions.learn(edition(2));
        assert_eq!(shared.newest().number, 3);
    }
}
