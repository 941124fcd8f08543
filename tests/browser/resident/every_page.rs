use super::tour::{Look, deployment, goes};
use crate::{look, window::Window};

struct WellMade;

impl Look for WellMade {
    async fn at(&mut self, window: &Window, name: &str) {
        look::is_well_made(window, name).await;
    }
}

#[tokio::test]
async fn every_page_fits_is_accessible_and_quiet_in_vietnamese() {
    let app = deployment().await;
    let window = Window::onto(&app).await;
    goes(&app, &window, "", &mut WellMade).await;
}

#[tokio::test]
async fn every_page_fits_is_accessible_and_quiet_in_english() {
    let app = deployment().await;
    let window = Window::onto(&app).await;
    goes(&app, &window, "/en", &mut WellMade).await;
}

/// Letters that only Vietnamese has: on an English page they stand in names of places, and in what people wrote.
const VIETNAMESE: &str = "
    const names = /(Na Mèo|Sơn|Mường|Xuân|Tiến|Hạ|Thượng|Lư|Thủy|Điện|Mìn|Thanh Hóa)/;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        if (walker.currentNode.parentElement.closest('[lang=vi], .talk p')) continue;
        const text = walker.currentNode.textContent.trim();
        if (/[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i.test(text) && !names.test(text)) found.push(text);
    }
    return found";

struct Translated;

impl Look for Translated {
    async fn at(&mut self, window: &Window, name: &str) {
        let found = window.runs(VIETNAMESE, serde_json::json!([])).await;
        assert_eq!(found, serde_json::json!([]), "{name}");
        assert_eq!(window.runs("return document.documentElement.lang", serde_json::json!([])).await, "en", "{name}");
    }
}

#[tokio::test]
async fn no_english_page_has_vietnamese_text() {
    let app = deployment().await;
    let window = Window::onto(&app).await;
    goes(&app, &window, "/en", &mut Translated).await;
}
