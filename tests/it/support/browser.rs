//! A headless Chromium, spoken to over its own protocol. Only what the stories need: open, click,
//! type, read, photograph. What is not there yet is waited for, with a deadline.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Desk, Visitor};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A browser with one page.
pub struct Browser {
    process: Child,
    socket: Socket,
    session: String,
    next: u64,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where Chromium is: as `GUICHET_TEST_BROWSER` says, or Debian's place.
fn chromium() -> String {
    let found = std::env::var("GUICHET_TEST_BROWSER").unwrap_or_else(|_| "/usr/bin/chromium".into());
    assert!(
        std::path::Path::new(&found).exists(),
        "browser stories need Chromium: run tests/run, or set GUICHET_TEST_BROWSER=PATH"
    );
    found
}

impl Browser {
    /// Starts a browser, as a person would have it at 1440 × 900.
    pub async fn open() -> Browser {
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new(chromium())
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--hide-scrollbars",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Chromium starts");
        let stderr = process.stderr.take().unwrap();
        let url = tokio::task::spawn_blocking(move || {
            let mut lines = BufReader::new(stderr).lines();
            let url = lines
                .by_ref()
                .map_while(Result::ok)
                .find_map(|l| l.strip_prefix("DevTools listening on ").map(str::to_owned));
            // Go on reading, so that the browser never waits for us.
            std::thread::spawn(move || lines.for_each(drop));
            url
        });
        let url = url.await.unwrap().expect("Chromium says where it listens");
        let (socket, _) = connect_async(url).await.unwrap();
        let mut browser = Browser { process, socket, session: String::new(), next: 0, _profile: profile };
        browser.attach().await;
        browser
    }

    /// Opens a tab and speaks to it from now on.
    async fn attach(&mut self) {
        let target = self.ask("Target.createTarget", json!({"url": "about:blank"})).await;
        let attached =
            self.ask("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true})).await;
        attached["sessionId"].as_str().unwrap().clone_into(&mut self.session);
        self.ask("Page.enable", json!({})).await;
        self.ask("Runtime.enable", json!({})).await;
        self.size(1440, 900).await;
    }

    /// One command of the protocol.
    pub async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.try_to_ask(method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// One command of the protocol, or what the browser says against it: that the page it was for has
    /// just been left, above all.
    async fn try_to_ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.next += 1;
        let id = self.next;
        let mut command = json!({"id": id, "method": method, "params": params});
        if !self.session.is_empty() {
            command["sessionId"] = self.session.clone().into();
        }
        self.socket.send(Message::text(command.to_string())).await.unwrap();
        let deadline = Duration::from_secs(30);
        tokio::time::timeout(deadline, async {
            while let Some(Ok(message)) = self.socket.next().await {
                let Message::Text(text) = message else { continue };
                let answer: Value = serde_json::from_str(&text).unwrap();
                if answer["id"] == id {
                    return answer.get("error").map_or_else(|| Ok(answer["result"].clone()), |e| Err(e.clone()));
                }
            }
            panic!("the browser is gone");
        })
        .await
        .unwrap_or_else(|_| panic!("{method} took longer than {deadline:?}"))
    }

    /// Sets the window's size.
    pub async fn size(&mut self, width: u32, height: u32) {
        let params = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", params).await;
    }

    /// Turns scripts off.
    pub async fn without_scripts(&mut self) {
        self.ask("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    /// Goes to an address and waits until the page is there.
    pub async fn go(&mut self, url: &str) {
        self.ask("Page.navigate", json!({"url": url})).await;
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'").await;
    }

    /// The value of an expression.
    pub async fn eval(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.ask("Runtime.evaluate", params).await;
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true.
    pub async fn until(&mut self, expression: &str) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
        let guarded = format!("(() => {{ try {{ return !!({expression}) }} catch (e) {{ return false }} }})()");
        let asked = json!({"expression": guarded, "returnByValue": true});
        while !self.try_to_ask("Runtime.evaluate", asked.clone()).await.is_ok_and(|a| a["result"]["value"] == true) {
            if tokio::time::Instant::now() > deadline {
                let seen = self.eval("document.body.innerText").await;
                panic!("it did not come to be: {expression}\n{}", seen.as_str().unwrap_or_default());
            }
            tokio::task::yield_now().await;
        }
    }

    /// Waits until the page says this.
    pub async fn sees(&mut self, words: &str) {
        self.until(&format!("document.body.innerText.includes({})", json!(words))).await;
    }

    /// Clicks the middle of what a selector finds, as a person would.
    pub async fn click(&mut self, selector: &str) {
        self.until(&format!("document.querySelector({})", json!(selector))).await;
        let place = format!(
            "(() => {{ const e = document.querySelector({}); e.scrollIntoView({{block: 'center'}}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] }})()",
            json!(selector)
        );
        let at = self.eval(&place).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({"type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1});
            self.ask("Input.dispatchMouseEvent", params).await;
        }
    }

    /// Clicks and waits for the page it leads to, whether it is loaded or put in place.
    pub async fn follow(&mut self, selector: &str) {
        self.eval("window.__here = location.href").await;
        self.click(selector).await;
        self.until("window.__here !== location.href && document.readyState === 'complete'").await;
    }

    /// Sends a form and waits for the page that answers.
    pub async fn follow_form(&mut self, selector: &str) {
        self.eval("window.__form = true").await;
        self.click(selector).await;
        self.until("!window.__form && document.readyState === 'complete'").await;
    }

    /// Comes in with somebody's session, and waits until the page is live.
    pub async fn enter(&mut self, desk: &Desk, who: &Visitor, path: &str) {
        let cookie = json!({"name": "guichet", "value": who.token, "url": desk.base, "httpOnly": true});
        self.ask("Network.setCookie", cookie).await;
        self.go(&format!("{}{path}", desk.base)).await;
        self.until("document.querySelector('#live[data-state=on]')").await;
    }

    /// Presses a key as a keyboard would: `e`, `Enter`, `Ctrl+Enter`, or a key and where it stands,
    /// as on another layout: `&@Digit1`.
    pub async fn press(&mut self, keys: &str) {
        // Words may be seen before the page listens: nobody is that fast, a test is.
        self.until("document.readyState === 'complete'").await;
        let (mut modifiers, mut rest) = (0, keys);
        for (name, bit) in [("Alt+", 1), ("Ctrl+", 2), ("Shift+", 8)] {
            if let Some(after) = rest.strip_prefix(name) {
                (modifiers, rest) = (modifiers | bit, after);
            }
        }
        let (key, code) = rest.split_once('@').filter(|(k, _)| !k.is_empty()).unwrap_or((rest, ""));
        let letter = key.chars().count() == 1;
        let text = match key {
            "Enter" => "\r",
            k if letter && matches!(modifiers, 0 | 8) => k,
            _ => "",
        };
        let code = match code {
            "" if letter && key.chars().all(|c| c.is_ascii_alphabetic()) => format!("Key{}", key.to_uppercase()),
            "" if letter => String::new(),
            "" => key.to_owned(),
            code => code.to_owned(),
        };
        let number = match key {
            "Enter" => 13,
            "Escape" => 27,
            "Backspace" => 8,
            "Tab" => 9,
            "ArrowUp" => 38,
            "ArrowDown" => 40,
            "F6" => 117,
            k => k.chars().next().filter(char::is_ascii_alphanumeric).map_or(0, |c| u32::from(c.to_ascii_uppercase())),
        };
        for kind in ["keyDown", "keyUp"] {
            let mut params = json!({"type": kind, "key": key, "code": code, "modifiers": modifiers, "windowsVirtualKeyCode": number});
            if kind == "keyDown" && !text.is_empty() {
                params["text"] = text.into();
            }
            self.ask("Input.dispatchKeyEvent", params).await;
        }
    }

    /// Presses keys and waits for the page they lead to.
    pub async fn press_and_go(&mut self, keys: &str) {
        self.eval("window.__here = location.href").await;
        self.press(keys).await;
        self.until("window.__here !== location.href && document.readyState === 'complete'").await;
    }

    /// Types letter by letter, where the focus is.
    pub async fn type_out(&mut self, text: &str) {
        for c in text.chars() {
            self.press(&c.to_string()).await;
        }
    }

    /// Signs somebody in by their session.
    pub async fn sign_in(&mut self, base: &str, token: &str) {
        let cookie = json!({"name": "guichet", "value": token, "url": base, "httpOnly": true, "sameSite": "Lax"});
        self.ask("Network.setCookies", json!({"cookies": [cookie]})).await;
    }

    /// The page's process dies; another tab of the same browser is opened.
    pub async fn crash_tab(&mut self) {
        self.next += 1;
        let command = json!({"id": self.next, "method": "Page.crash", "sessionId": self.session});
        self.socket.send(Message::text(command.to_string())).await.unwrap();
        self.session.clear();
        self.attach().await;
    }

    /// The browser dies at once, with all that only it knew.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
    }

    /// Puts the caret into a field and types.
    pub async fn write(&mut self, selector: &str, text: &str) {
        self.click(selector).await;
        self.ask("Input.insertText", json!({"text": text})).await;
    }
}
