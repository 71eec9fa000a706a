//! Puts the assets together at build time: one style sheet, one script, one sprite of icons, each
//! with its hash in its name and a copy compressed by brotli. Also rebuilds when a migration is
//! added, since their texts are compiled in.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    for folder in ["migrations", "assets", "templates", "canned-replies"] {
        println!("cargo:rerun-if-changed={folder}");
    }
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    let assets = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("assets");
    let mut table = String::from("&[\n");
    let css = follow_system(&together(&assets.join("css"), "css")?);
    let (latin, latin_ext) = (assets.join("fonts/inter-latin.woff2"), assets.join("fonts/inter-latin-ext.woff2"));
    let latin = keep(&out, &mut table, "inter-latin.woff2", "font/woff2", &fs::read(latin)?, false)?;
    let latin_ext = keep(&out, &mut table, "inter-latin-ext.woff2", "font/woff2", &fs::read(latin_ext)?, false)?;
    let css = css.replace("inter-latin-ext.woff2", &latin_ext).replace("inter-latin.woff2", &latin);
    keep(&out, &mut table, "guichet.css", "text/css; charset=utf-8", css.as_bytes(), true)?;
    let js = together(&assets.join("js"), "js")?;
    keep(&out, &mut table, "guichet.js", "text/javascript; charset=utf-8", js.as_bytes(), true)?;
    let sprite = sprite(&assets.join("icons"))?;
    keep(&out, &mut table, "sprite.svg", "image/svg+xml", sprite.as_bytes(), true)?;
    keep(&out, &mut table, "favicon.svg", "image/svg+xml", &fs::read(assets.join("favicon.svg"))?, true)?;
    let ahead = fs::read(assets.join("speculation.json"))?;
    keep(&out, &mut table, "speculation.json", "application/speculationrules+json", &ahead, true)?;
    table.push(']');
    fs::write(out.join("assets.rs"), table)
}

/// The files of a folder in the order of their names.
fn together(folder: &Path, ending: &str) -> io::Result<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<io::Result<_>>()?;
    files.retain(|f| f.extension().is_some_and(|e| e == ending));
    files.sort();
    files.iter().map(|f| fs::read_to_string(f).map(|t| t + "\n")).collect()
}

/// Writes a file and its compressed copy, adds its row to the table, returns its name with hash.
fn keep(out: &Path, table: &mut String, name: &str, kind: &str, bytes: &[u8], text: bool) -> io::Result<String> {
    let mut hash = String::new();
    for byte in Sha256::digest(bytes).iter().take(6) {
        write!(hash, "{byte:02x}").map_err(io::Error::other)?;
    }
    let (stem, ending) = name.rsplit_once('.').expect("assets have endings");
    let hashed = format!("{stem}.{hash}.{ending}");
    fs::write(out.join(&hashed), bytes)?;
    let mut packed = Vec::new();
    if text {
        let params = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
        brotli::BrotliCompress(&mut io::Cursor::new(bytes), &mut packed, &params)?;
    }
    fs::write(out.join(format!("{hashed}.br")), &packed)?;
    let path = |n: &str| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{n}\"))");
    let (plain, br) = (path(&hashed), path(&format!("{hashed}.br")));
    writeln!(table, "Asset {{ name: {name:?}, hashed: {hashed:?}, kind: {kind:?}, bytes: {plain}, brotli: {br} }},")
        .map_err(io::Error::other)?;
    Ok(hashed)
}

/// `data-theme="auto"` follows the system without a script: every rule for the dark theme once
/// more, for whoever's system is dark.
fn follow_system(css: &str) -> String {
    let mut dark = String::new();
    for rule in top_level_rules(css) {
        if rule.contains("[data-theme=\"dark\"]") && !rule.starts_with('@') {
            dark.push_str(&rule.replace("[data-theme=\"dark\"]", "[data-theme=\"auto\"]"));
            dark.push('\n');
        }
    }
    format!("{css}\n@media (prefers-color-scheme:dark){{\n{dark}}}\n")
}

fn top_level_rules(css: &str) -> Vec<String> {
    let (mut rules, mut rule, mut depth) = (Vec::new(), String::new(), 0_usize);
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("/*") {
            let end = rest.find("*/").map_or(rest.len(), |e| e + 2);
            rest = &rest[end..];
            continue;
        }
        rule.push(c);
        rest = &rest[c.len_utf8()..];
        match c {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    rules.push(std::mem::take(&mut rule).trim().to_owned());
                }
            }
            _ => {}
        }
    }
    rules
}

/// One SVG with a symbol for every icon: `i-NAME` for the interface's, `n-NAME` for networks'.
fn sprite(icons: &Path) -> io::Result<String> {
    let mut symbols: BTreeMap<String, String> = BTreeMap::new();
    for (folder, prefix) in [("lucide", "i"), ("networks", "n")] {
        for entry in fs::read_dir(icons.join(folder))? {
            let path = entry?.path();
            let Some(name) =
                path.file_stem().and_then(|s| s.to_str()).filter(|_| path.extension().is_some_and(|e| e == "svg"))
            else {
                continue;
            };
            let svg = fs::read_to_string(&path)?;
            let open = svg.find("<svg").and_then(|s| svg[s..].find('>').map(|e| s + e + 1)).unwrap_or(0);
            let body =
                svg[open..].trim_end().trim_end_matches("</svg>").split_whitespace().collect::<Vec<_>>().join(" ");
            let body = body
                .find("<title>")
                .and_then(|s| body.find("</title>").map(|e| format!("{}{}", &body[..s], &body[e + 8..])))
                .unwrap_or(body);
            symbols.insert(format!("{prefix}-{name}"), body);
        }
    }
    let mut out = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\">");
    for (id, body) in symbols {
        write!(out, "<symbol id=\"{id}\" viewBox=\"0 0 24 24\">{body}</symbol>").map_err(io::Error::other)?;
    }
    Ok(out + "</svg>")
}
