//! What somebody may write who wants a page to do something.

/// Markup, scripts, templates of several kinds, text that runs the other way, characters of no width: 150 of them.
pub fn strings() -> Vec<String> {
    let seeds = [
        "<script>window.hit=1</script>",
        "\"><img src=x onerror=window.hit=1>",
        "'><svg onload=window.hit=1>",
        "</textarea><script>window.hit=1</script>",
        "</title><script>window.hit=1</script>",
        "</style><script>window.hit=1</script>",
        "javascript:window.hit=1",
        "<a href=javascript:window.hit=1>x</a>",
        "<iframe srcdoc='<script>parent.hit=1</script>'>",
        "{{7919*7907}}{% raw %}{{ f.token() }}",
        "${7919*7907}#{7919*7907}<%= 7919*7907 %>",
        "<!--<script>window.hit=1</script>-->",
        "&lt;script&gt;window.hit=1&lt;/script&gt;",
        "&#60;script&#62;window.hit=1",
        "ẵ\u{323}\u{302}\u{301}\u{301}\u{301}\u{301}Z̸̢a̷l̶g̵o̸",
        "مرحبا שלום",
        "a\u{200b}b\u{200d}c\u{feff}d\u{2060}e",
        "' OR 1=1; DROP TABLE tips; --",
        "../../../../etc/passwd",
        "👮‍♀️👨‍👩‍👧‍👦🇻🇳",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<base href=https://evil.example>",
        "<form action=https://evil.example><button>x",
        "<details open ontoggle=window.hit=1>",
        "<input autofocus onfocus=window.hit=1>",
    ];
    let long = "W".repeat(400);
    let around = |seed: &str| {
        [
            seed.to_owned(),
            format!("x{seed}"),
            format!("{seed}{seed}"),
            format!("\n{seed}\n"),
            format!("{seed} {long}"),
            format!("\u{a0}{seed}\u{3000}"),
        ]
    };
    seeds.iter().flat_map(|seed| around(seed)).collect()
}
