//! What a configuration does with a request.

use super::admit::admit;
use super::answer::Answer;
use super::client::client;
use super::facts::Facts;
use super::fields::Fields;
use super::input::Request;
use super::layers::Output;
use super::listen::{NoAnswer, handshake, server};
use super::message::{Connection, Original, host_of};
use super::notes::{About, Notes};
use super::program::Program;
use super::ranges::address;
use super::run::serve;
use super::state::{Raised, State};
use super::value::Value;

/// What a plain request to a TLS port gets from Go's server.
const PLAIN_TO_TLS: &str = "Client sent an HTTP request to an HTTPS server.\n";

impl Program<'_> {
    /// What happens to `request` on a machine with these `facts`. The steps on the way are kept if `with_steps` says so.
    pub fn trace(&self, request: &Request, facts: &dyn Facts, with_steps: bool) -> Answer {
        let port = request.port.unwrap_or(if request.tls { self.https_port } else { self.http_port });
        let Some(server) = server(self, &request.to, port) else { return Answer::none(NoAnswer::Refused) };
        let mut notes = Notes { is_on: with_steps, ..Notes::default() };
        let host = request.host.clone().unwrap_or_default();
        let name = host_of(&host);
        let is_address = address(name.trim_start_matches('[').trim_end_matches(']')).is_some();
        let default = if is_address { String::new() } else { name };
        let sni = request.sni.clone().unwrap_or(default);
        if !server.speaks_http1 {
            return Answer::none(NoAnswer::Aborted);
        }
        match (&server.policies, request.tls) {
            (None, true) => return Answer::none(NoAnswer::Handshake),
            (Some(_), false) if server.redirects_plain => {
                let mut answer = Answer::bare(308, "");
                answer.headers.set("Location", format!("https://{host}{}", request.target));
                return answer;
            }
            (Some(_), false) => return Answer::bare(400, PLAIN_TO_TLS),
            (Some(policies), true) => {
                let (succeeds, doubt) = handshake(self, policies, &sni, &request.to);
                if let Some(doubt) = doubt {
                    notes.undecided(About::Answer, doubt);
                }
                if !succeeds {
                    return Answer { undecided: notes.undecided, ..Answer::none(NoAnswer::Handshake) };
                }
            }
            (None, false) => {}
        }
        let message = match admit(request) {
            Ok(message) => message,
            Err(refusal) => {
                let mut answer = Answer::bare(refusal.status, refusal.body);
                if request.method == "HEAD" {
                    answer.body = Some(String::new());
                }
                if refusal.status == 417 {
                    answer.headers.set("Content-Length", "0");
                }
                return answer;
            }
        };
        let mut answer = Answer { server: server.name.clone(), ..Answer::default() };
        if message.method == "OPTIONS" && message.request_uri == "*" {
            answer.status = 200;
            answer.headers.set("Content-Length", "0");
            answer.body = Some(String::new());
            return answer;
        }
        let (is_trusted, client_ip) = client(server, &request.from, &message.headers);
        let mut headers = Fields::default();
        headers.set("Server", "Caddy");
        let mut state = State {
            server,
            version: self.version,
            facts,
            replies: &request.replies,
            original: Original {
                method: message.method.clone(),
                request_uri: message.request_uri.clone(),
                url: message.url.clone(),
            },
            request: message,
            connection: Connection {
                tls: request.tls,
                sni: if request.tls { sni } else { String::new() },
                client: request.from.clone(),
                local: request.to.clone(),
                port,
            },
            client_ip: client_ip.clone(),
            is_trusted,
            vars: [
                ("client_ip".to_owned(), Value::Text(client_ip)),
                ("trusted_proxy".to_owned(), Value::Bool(is_trusted)),
            ]
            .into_iter()
            .collect(),
            values: rustc_hash::FxHashMap::default(),
            doubtful: rustc_hash::FxHashSet::default(),
            kept: None,
            unsure: std::cell::Cell::default(),
            maps: Vec::new(),
            groups: rustc_hash::FxHashSet::default(),
            headers,
            output: Output::default(),
            layers: Vec::new(),
            error: None,
            received: None,
            visits: Vec::new(),
            answered_by: None,
            place: None,
            file: None,
            current: None,
            notes,
            has_trace_id: false,
        };
        let method = state.request.method.clone();
        let result = serve(&mut state);
        state.note_unsure();
        answer.visits = state.visits;
        answer.undecided = state.notes.undecided;
        answer.steps = state.notes.steps;
        answer.reached = state.notes.reached;
        match result {
            Err(Raised::Abort) => answer.none = Some(NoAnswer::Aborted),
            Err(Raised::Unknown(what)) => answer.unknown = Some(what),
            _ => {
                answer.answered_by = state.answered_by;
                answer.file = state.file;
                answer.place = state.place.filter(|place| !place.pointer.is_empty());
                answer.write(state.output, state.headers, &method);
            }
        }
        answer
    }
}
