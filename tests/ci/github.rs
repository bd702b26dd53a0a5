//! GitHub's API as far as `packaging/action/comment.py` uses it, on loopback: comments of one pull request.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::backend;

/// A comment: its number, who wrote it, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: u64,
    pub login: &'static str,
    pub is_bot: bool,
    pub body: String,
}

/// The server. It stops with the test.
pub struct GitHub {
    pub url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    comments: Vec<Comment>,
    can_write: bool,
    pulls: Value,
}

impl GitHub {
    /// A pull request with these comments, and a token that may write.
    pub fn with(comments: &[Comment]) -> Self {
        let state = State { comments: comments.to_vec(), can_write: true, pulls: json!([]) };
        let state = Arc::new(Mutex::new(state));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &shared);
            }
        });
        Self { url, state }
    }

    /// The token of a pull request from a fork: it only reads.
    pub fn read_only(self) -> Self {
        self.state.lock().unwrap().can_write = false;
        self
    }

    /// The open pull requests.
    pub fn with_pulls(self, pulls: Value) -> Self {
        self.state.lock().unwrap().pulls = pulls;
        self
    }

    pub fn comments(&self) -> Vec<Comment> {
        self.state.lock().unwrap().comments.clone()
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) {
    let Some((first, body, mut stream)) = backend::request(stream) else { return };
    let words: Vec<&str> = first.split(' ').collect();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (status, answer) = answer(words[0], words[1], &body, &mut state.lock().unwrap());
    let answer = answer.to_string();
    let _ = write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
        answer.len()
    );
}

fn answer(method: &str, target: &str, body: &Value, state: &mut State) -> (u16, Value) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let text = body["body"].as_str().unwrap_or_default().to_owned();
    if text.chars().count() > 65_536 {
        return (422, json!({ "message": "body is too long (maximum is 65536 characters)" }));
    }
    match (method, path) {
        // The token of a job belongs to an app.
        ("GET", "/user") => (403, json!({ "message": "Resource not accessible by integration" })),
        ("GET", "/repos/o/r/pulls") => (200, state.pulls.clone()),
        ("GET", "/repos/o/r/issues/7/comments") => {
            let page: usize = query.split("&page=").nth(1).unwrap().parse().unwrap();
            let pages = state.comments.chunks(100).nth(page - 1).unwrap_or_default();
            (200, pages.iter().map(shown).collect())
        }
        _ if !state.can_write => (403, json!({ "message": "Resource not accessible by integration" })),
        ("POST", "/repos/o/r/issues/7/comments") => {
            let id = 1000 + state.comments.len() as u64;
            state.comments.push(Comment { id, login: "github-actions[bot]", is_bot: true, body: text });
            (201, json!({ "id": id }))
        }
        ("PATCH", _) => {
            let id: u64 = path.rsplit('/').next().unwrap().parse().unwrap();
            let found = state.comments.iter_mut().find(|comment| comment.id == id).unwrap();
            found.body = text;
            (200, json!({ "id": id }))
        }
        _ => (404, json!({ "message": "Not Found" })),
    }
}

fn shown(comment: &Comment) -> Value {
    let kind = if comment.is_bot { "Bot" } else { "User" };
    json!({ "id": comment.id, "user": { "login": comment.login, "type": kind }, "body": comment.body })
}
