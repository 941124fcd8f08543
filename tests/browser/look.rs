//! What must hold of every page, whoever it is for.

use serde_json::json;

use crate::{
    axe,
    window::{Theme, Window},
};

/// What is done with each page that somebody comes to, by its name.
pub trait Look {
    async fn at(&mut self, window: &Window, name: &str);
}

/// From the smallest phone that is still sold to a desk; 320 px is also 1280 px at a zoom of 400 %.
pub const WIDTHS: [u32; 4] = [320, 360, 768, 1280];

/// Elements that reach over the edge, with where they end. What scrolls by itself may be wider inside, but not a few
/// pixels taller: that draws a bar which nobody needs. And elements whose words reach over what stands beside them.
pub const OVERFLOW: &str = "
    const wide = document.documentElement.clientWidth;
    const scrolls = e => e && (['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const out = [...document.body.querySelectorAll('*')].filter(e => {
        const box = e.getBoundingClientRect();
        return box.width > 0 && (box.right > wide + 1 || box.left < -1) && !scrolls(e.parentElement)
            && !e.closest('[data-offstage], .skip');
    }).map(e => e.tagName + '.' + e.className + ' ends at ' + Math.round(e.getBoundingClientRect().right));
    const hair = e => e.tagName != 'TEXTAREA' && ['auto', 'scroll'].includes(getComputedStyle(e).overflowY)
        && e.scrollHeight > e.clientHeight && e.scrollHeight - e.clientHeight < 8;
    out.push(...[...document.body.querySelectorAll('*')].filter(hair).map(e => e.tagName + '.' + e.className + ' scrolls by a hair'));
    const says = e => [...e.childNodes].some(n => n.nodeType == Node.TEXT_NODE && n.data.trim());
    const spills = e => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1 && says(e)
        && getComputedStyle(e).overflowX == 'visible' && !e.closest('[data-offstage], .skip');
    out.push(...[...document.body.querySelectorAll('*')].filter(spills).map(e => e.tagName + '.' + e.className + ' spills ' + e.textContent.trim()));
    if (document.documentElement.scrollWidth > wide) out.push('the page is ' + document.documentElement.scrollWidth);
    return out";

/// The page that the window shows: nothing over the edge at any width, nothing that axe finds in either theme, nothing
/// that the browser complains about. Ends as a light phone.
pub async fn is_well_made(window: &Window, name: &str) {
    fits(window, name).await;
    for theme in [Theme::Dark, Theme::Light] {
        window.has_theme(theme).await;
        let violations = axe::violations(window).await;
        assert!(violations.is_empty(), "{name}, {theme:?}: {violations:#?}");
    }
    is_quiet(window, name).await;
}

/// Nothing reaches over the edge at any width.
pub async fn fits(window: &Window, name: &str) {
    let out = overflows(window, name).await;
    assert!(out.is_empty(), "{out:#?}");
}

/// What reaches over the edge, at which width.
pub async fn overflows(window: &Window, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for width in WIDTHS.into_iter().rev() {
        window.is_wide(width).await;
        let out = window.runs(OVERFLOW, json!([])).await;
        if out != json!([]) {
            found.push(format!("{name} at {width} px: {out}"));
        }
    }
    window.is_wide(crate::window::PHONE).await;
    found
}

/// The browser refused nothing and missed nothing.
pub async fn is_quiet(window: &Window, name: &str) {
    let mut complaints = window.complaints().await;
    // A page that says what is wrong is not loaded badly.
    complaints.retain(|complaint| !complaint.contains("the server responded with a status of"));
    assert!(complaints.is_empty(), "{name}: {complaints:#?}");
}
