//! Disclosure control: which figures may be public, so that no small count can be worked out from them.
//!
//! A release asks with all its tables (`request`), told together with every earlier release. `region` is what a figure
//! is about, `board` the unknowns of whoever reads it, `settle` what follows for them, `change` what two releases tell
//! of the time between. `readers` are all who must learn nothing, each a `view`; `protect` finds the plan that withholds
//! least and is safe from every one of them, within a `budget`. Pure: no database, and the same answer every time.
//!
//! Not kept out: what somebody knows who knows the sources of a place by other ways, and guesses from the fact that this
//! plan and no other was the cheapest.

mod board;
mod budget;
mod change;
mod protect;
mod readers;
mod region;
mod request;
mod settle;
mod view;

#[cfg(test)]
mod attacker;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod worlds;

pub use board::Born;
pub use protect::protect;
pub use region::{Axis, Line, Region, Slice, Span};
pub use request::{Cell, Decision, Earlier, Policy, Reason, Request, World};
