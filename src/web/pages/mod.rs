//! The resident site: pages that a person on a weak line, on an old phone and afraid can use.
//!
//! Server-rendered over the same services as the API; no script, no foreign host, no cookie before a thread is
//! opened. A `frame` is what every page shares (language, way out), `form` reads what a page sends, `wrong` says what
//! to mend, `page` answers. Vietnamese stands at `/`, English at `/en`; nothing else remembers the language.

use actix_web::web::ServiceConfig;

mod closed;
mod figures;
mod figures_csv;
mod figures_table;
mod figures_years;
mod form;
mod frame;
mod home;
mod leave;
mod page;
mod qr;
mod receipt;
mod refusal;
mod session;
mod texts;
mod thread;
mod thread_receipt;
mod tip;
mod typed_tip;
mod wrap;
mod wrong;

pub use form::is_from_here;
pub use refusal::{is_wanted, refuse};
pub use wrap::wrap;

pub fn configure(cfg: &mut ServiceConfig) {
    for noun in [
        home::routes,
        tip::routes,
        receipt::routes,
        thread::routes,
        thread_receipt::routes,
        figures::routes,
        leave::routes,
    ] {
        cfg.configure(noun);
    }
}
