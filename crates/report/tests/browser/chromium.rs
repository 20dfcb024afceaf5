//! Chromium without a window, driven over a pipe by the protocol of its developer tools: no driver, no
//! port, no network.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const PATIENCE: Duration = Duration::from_secs(60);
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
    "--remote-debugging-pipe",
];

/// A browser with one page.
pub struct Chromium {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    sent: u64,
    session: Option<String>,
    events: Vec<Value>,
    _profile: TempDir,
}

impl Chromium {
    /// Starts Chromium; where there is none it says so, or fails on the machine that must have one.
    pub fn start() -> Option<Self> {
        let Some(program) = find() else {
            let said = "no Chromium: the page is not tested in a browser; install `chromium`";
            assert!(std::env::var_os("CI").is_none_or(|value| value != "true"), "{said}");
            // Whoever tests is to know, so not through what the test harness keeps to itself.
            let mut stderr = std::io::stderr();
            writeln!(stderr, "{said}").unwrap();
            return None;
        };
        let mut chromium = Self::of(&program);
        let target = chromium.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = chromium.call("Target.attachToTarget", attach);
        chromium.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            chromium.call(&format!("{domain}.enable"), json!({}));
        }
        Some(chromium)
    }

    fn of(program: &Path) -> Self {
        let profile = tempfile::tempdir().unwrap();
        // The protocol is spoken on descriptors 3 and 4; a shell puts this process's pipes there.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1"])
            .arg(program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = child.stdin.take().unwrap();
        let stdout = child.stdout.take().unwrap();
        let (sender, from) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(stdout).split(0).map_while(Result::ok) {
                let sent = sender.send(serde_json::from_slice(&message).unwrap());
                if sent.is_err() {
                    return;
                }
            }
        });
        Self { child, to, from, sent: 0, session: None, events: Vec::new(), _profile: profile }
    }

    /// Sends a command and returns its result; what happens meanwhile is kept.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let mut got = self.receive();
            if got["id"] == self.sent {
                assert!(got["error"].is_null(), "{method}: {}", got["error"]);
                return got["result"].take();
            }
            self.events.push(got);
        }
    }

    /// Opens a file and waits until it is loaded.
    pub fn open(&mut self, file: &Path) {
        self.events.clear();
        let url = format!("file://{}", file.canonicalize().unwrap().display());
        self.call("Page.navigate", json!({ "url": url }));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.receive();
            self.events.push(event);
        }
    }

    /// Returns what an expression gives in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let params =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let mut got = self.call("Runtime.evaluate", params);
        assert!(got["exceptionDetails"].is_null(), "{expression}: {}", got["exceptionDetails"]);
        got["result"]["value"].take()
    }

    /// Presses a key in the element that has the focus.
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["keyDown", "keyUp"] {
            let text = if key == "Enter" { "\r" } else { "" };
            let event = json!({
                "type": kind, "key": key, "code": key, "text": text,
                "windowsVirtualKeyCode": code,
            });
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Makes the window as wide as a telephone.
    pub fn narrow(&mut self, width: u32) {
        let size = json!({ "width": width, "height": 844, "deviceScaleFactor": 2, "mobile": true });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Shows the page as on paper, or in the light or the dark.
    pub fn emulate(&mut self, media: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let emulated = json!({ "media": media, "features": features });
        self.call("Emulation.setEmulatedMedia", emulated);
    }

    /// Returns what the page complained of since it was opened: errors, warnings, exceptions.
    pub fn complaints(&self) -> Vec<String> {
        const COMPLAINTS: [&str; 4] = [
            "Runtime.exceptionThrown",
            "Runtime.consoleAPICalled",
            "Log.entryAdded",
            "Network.loadingFailed",
        ];
        let is_one = |event: &&Value| {
            event["method"].as_str().is_some_and(|method| COMPLAINTS.contains(&method))
        };
        self.events.iter().filter(is_one).map(Value::to_string).collect()
    }

    /// Returns the addresses that the page asked for since it was opened.
    pub fn requests(&self) -> Vec<&str> {
        let asked = |event: &&Value| event["method"] == "Network.requestWillBeSent";
        let events = self.events.iter().filter(asked);
        events.filter_map(|event| event["params"]["request"]["url"].as_str()).collect()
    }

    fn receive(&self) -> Value {
        self.from.recv_timeout(PATIENCE).unwrap()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Its own farewell ends its helpers too; killing the first process may leave them.
        self.sent += 1;
        let close = json!({ "id": self.sent, "method": "Browser.close" });
        let said = self.to.write_all(format!("{close}\0").as_bytes());
        if said.is_err() {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

fn find() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let places = std::env::split_paths(&folders);
    places.flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|path| path.is_file())
}
