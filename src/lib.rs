
pub mod reference;
