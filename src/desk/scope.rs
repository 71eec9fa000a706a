//! Whose eyes are looking: every read and write of the store is made under a scope.

use super::agent::{Power, Role};
use crate::base::id::{AgentId, BrandId};

/// The brands somebody may see, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    agent: Option<AgentId>,
    brands: Vec<(BrandId, Role)>,
}

impl Scope {
    /// A person with roles at brands.
    pub fn agent(agent: AgentId, brands: Vec<(BrandId, Role)>) -> Scope {
        Scope { agent: Some(agent), brands }
    }

    /// The house itself at work for one brand: intake, outbox, timers.
    pub fn house(brand: BrandId) -> Scope {
        Scope { agent: None, brands: vec![(brand, Role::Admin)] }
    }

    /// The person, where it is one.
    pub fn who(&self) -> Option<AgentId> {
        self.agent
    }

    /// True when rows of this brand may be seen.
    pub fn admits(&self, brand: BrandId) -> bool {
        self.role(brand).is_some()
    }

    /// The role at a brand.
    pub fn role(&self, brand: BrandId) -> Option<Role> {
        self.brands.iter().find(|(b, _)| *b == brand).map(|(_, r)| *r)
    }

    /// True when this may be done at that brand.
    pub fn may(&self, brand: BrandId, power: Power) -> bool {
        self.role(brand).is_some_and(|r| r.may(power))
    }

    /// The brands in view.
    pub fn brands(&self) -> impl Iterator<Item = BrandId> {
        self.brands.iter().map(|(b, _)| *b)
    }
}
