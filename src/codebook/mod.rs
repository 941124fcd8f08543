//! The reference data as an administrator edits them: what the codes of categories, channels, kinds of outcomes and
//! yields, retention rules and places mean, from which day to which.
//!
//! A code is added (`add_code`), changed from a day on (`change_code`), ended (`end_code`), or taken back before it has
//! begun (`withdraw_code`); `record_successors` says what became of a place. Nothing is overwritten that has held: a
//! change closes the row that holds and opens another, so that old tips and figures keep their meaning. `book` does
//! that to the rows, `edit` judges all of them together and stores them as the next **edition**. Every node looks twice
//! a second whether there is one (`learn_edition`), and whoever answers a request keeps to one edition till its end.

mod add_code;
mod book;
mod change_code;
mod draft;
mod edit;
mod end_code;
mod learn_edition;
mod list_codes;
mod load;
mod record_successors;
mod store;
mod unsound;
mod withdraw_code;

pub use add_code::add_code;
pub use change_code::change_code;
pub use draft::settled_states;
pub use edit::EditError;
pub use end_code::end_code;
pub use learn_edition::{LearnError, learn_edition};
pub use list_codes::{Codes, list_codes};
pub use load::load_reference;
pub use record_successors::record_successors;
pub use withdraw_code::withdraw_code;
