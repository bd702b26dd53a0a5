//! The settings of the storages of `cache`, and the frame around a cache's JSON.

use ecow::EcoString;

use crate::config::{Fields, Handler, HandlerBody, MatcherSet, Route, Value};
use crate::diagnostics::Code;
use crate::go;
use crate::lower::Lowered;
use crate::plugins::definition::Row;
use crate::plugins::interpret::{Context, Draft, Ordered, encoded_again};
use crate::spec::{Cursor, Fault, Parsed, arguments, value};
use crate::syntax::Word;

/// Settings lie in settings so deep at most.
const DEEPEST: usize = 16;

/// Reads `configuration` of the storage `context.parent`, whose settings have types by their names.
pub(super) fn settings(row: &Row, context: Context, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    let types = match context.parent {
        "badger" => Types::Badger,
        "redis" => Types::Redis,
        "simplefs" => Types::Files,
        _ => Types::Texts,
    };
    let read = block(cursor, types, 0)?;
    draft.set(&row.to, Value::Ordered(read.into_boxed_slice()));
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Types {
    Badger,
    Redis,
    Files,
    Texts,
}

/// The settings of a block; Go writes a map in the order of its keys.
fn block(cursor: &mut Cursor, types: Types, depth: usize) -> Parsed<Ordered> {
    if depth > DEEPEST {
        return Err(value::nested_settings(cursor.word()));
    }
    let mut read = Ordered::new();
    let level = cursor.nesting();
    while cursor.next_block(level) {
        let name = cursor.word().clone();
        if name.opens() || name.closes() {
            continue;
        }
        let args = cursor.arg_texts();
        let value = match args.as_slice() {
            [] => {
                let inner = if name.text == "TLSConfig" { types } else { Types::Texts };
                Value::Ordered(block(cursor, inner, depth + 1)?.into_boxed_slice())
            }
            [text] => Value::from(text),
            texts => Value::from(texts),
        };
        let value = typed(types, &name, value)?;
        match read.binary_search_by(|(key, _)| key.cmp(&name.text)) {
            Ok(at) => read[at].1 = value,
            Err(at) => read.insert(at, (name.text, value)),
        }
    }
    Ok(read)
}

/// Settings of Badger that are truth values.
const BADGER_FLAGS: &[&str] = &[
    "SyncWrites",
    "ReadOnly",
    "InMemory",
    "MetricsEnabled",
    "CompactL0OnClose",
    "LmaxCompaction",
    "VerifyValueChecksum",
    "BypassLockGuard",
    "DetectConflicts",
];
/// Settings of Badger that are whole numbers.
const BADGER_NUMBERS: &[&str] = &[
    "NumVersionsToKeep",
    "NumGoroutines",
    "MemTableSize",
    "BaseTableSize",
    "BaseLevelSize",
    "LevelSizeMultiplier",
    "TableSizeMultiplier",
    "MaxLevels",
    "ValueThreshold",
    "NumMemtables",
    "BlockSize",
    "BlockCacheSize",
    "IndexCacheSize",
    "NumLevelZeroTables",
    "NumLevelZeroTablesStall",
    "ValueLogFileSize",
    "NumCompactors",
    "ZSTDCompressionLevel",
    "ChecksumVerificationMode",
    "NamespaceOffset",
];
/// Settings of Redis that are set by their name alone.
const REDIS_FLAGS: &[&str] = &[
    "SendToReplicas",
    "ShuffleInit",
    "ClientNoTouch",
    "DisableRetry",
    "DisableCache",
    "AlwaysPipelining",
    "AlwaysRESP2",
    "ForceSingleClient",
    "ReplicaOnly",
    "ClientNoEvict",
    "ContextTimeoutEnabled",
    "PoolFIFO",
    "ReadOnly",
    "RouteByLatency",
    "RouteRandomly",
    "DisableIndentity",
];
/// Settings of Redis that are whole numbers.
const REDIS_NUMBERS: &[&str] = &[
    "SelectDB",
    "CacheSizeEachConn",
    "RingScaleEachConn",
    "ReadBufferEachConn",
    "WriteBufferEachConn",
    "BlockingPoolSize",
    "PipelineMultiplex",
    "DB",
    "Protocol",
    "MaxRetries",
    "PoolSize",
    "MinIdleConns",
    "MaxIdleConns",
    "MaxActiveConns",
    "MaxRedirects",
];
/// Settings of Redis that are durations.
const REDIS_DURATIONS: &[&str] = &[
    "ConnWriteTimeout",
    "MaxFlushDelay",
    "MinRetryBackoff",
    "MaxRetryBackoff",
    "DialTimeout",
    "ReadTimeout",
    "WriteTimeout",
    "PoolTimeout",
    "ConnMaxIdleTime",
    "ConnMaxLifetime",
];

/// A setting with the type that its name has. Values that are none of it become zero, as in the plugin.
fn typed(types: Types, name: &Word, value: Value) -> Parsed<Value> {
    let key = name.text.as_str();
    let text = |value: &Value| -> Parsed<EcoString> {
        // The plugin stops with a crash.
        let text = value.as_str().map(EcoString::from);
        text.ok_or_else(|| arguments::missing(name, "one value"))
    };
    let number = |value: &Value| Ok(Value::from(go::atoi(&text(value)?).unwrap_or_default()));
    match types {
        Types::Badger if BADGER_FLAGS.contains(&key) => {
            Ok(Value::Bool(value.as_str().is_none_or(|text| go::parse_bool(text) == Some(true))))
        }
        Types::Badger if BADGER_NUMBERS.contains(&key) => number(&value),
        Types::Badger if matches!(key, "Compression" | "ValueLogMaxEntries") => {
            let text = text(&value)?;
            let is_unsigned = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = if is_unsigned { text.parse().unwrap_or(u32::MAX) } else { 0 };
            Ok(Value::from(i64::from(number)))
        }
        Types::Badger if matches!(key, "VLogPercentile" | "BloomFalsePositive") => {
            let number = go::go_float(&text(&value)?).unwrap_or_default();
            Ok(if number == 0.0 { Value::from(0) } else { crate::config::float(number) })
        }
        Types::Badger if key == "EncryptionKey" => {
            use base64::Engine;
            Ok(Value::from(base64::engine::general_purpose::STANDARD.encode(text(&value)?.as_str())))
        }
        Types::Badger if key == "EncryptionKeyRotationDuration" => Ok(duration(&text(&value)?)),
        Types::Redis if matches!(key, "Addrs" | "InitAddress") => {
            Ok(if value.as_str().is_some() { Value::from(vec![value]) } else { value })
        }
        Types::Redis if REDIS_FLAGS.contains(&key) => Ok(Value::Bool(true)),
        Types::Redis if REDIS_NUMBERS.contains(&key) => number(&value),
        Types::Redis if REDIS_DURATIONS.contains(&key) => Ok(duration(&text(&value)?)),
        Types::Redis if matches!(key, "MaxVersion" | "MinVersion") => {
            let version = value.as_str().unwrap_or_default();
            let version = version.strip_prefix("TLS").map_or(version, |rest| rest.trim_matches(' '));
            Ok(match version {
                "0x0300" | "SSLv3" => Value::from(0x0300),
                "0x0301" | "1.0" => Value::from(0x0301),
                "0x0302" | "1.1" => Value::from(0x0302),
                "0x0303" | "1.2" => Value::from(0x0303),
                "0x0304" | "1.3" => Value::from(0x0304),
                _ => value,
            })
        }
        Types::Redis if key == "TLSConfig" && !matches!(value, Value::Ordered(_)) => {
            Err(arguments::missing(name, "a block"))
        }
        Types::Files if matches!(key, "size" | "directory_size") => number(&value),
        _ => Ok(value),
    }
}

fn duration(text: &str) -> Value {
    Value::from(go::go_duration(text).unwrap_or_default())
}

/// Storages that other instances share.
const SHARED: [&str; 3] = ["etcd", "olric", "redis"];

/// What both forms have in common.
fn finish(fields: &mut Ordered) {
    let is_given = |fields: &Ordered, name: &str| {
        fields.iter().any(|(key, value)| key == name && !matches!(value, Value::Null))
    };
    let is_shared = SHARED.iter().any(|name| is_given(fields, name));
    set(fields, "distributed", Value::Bool(is_shared));
}

fn set(fields: &mut Ordered, name: &str, value: Value) {
    if let Some((_, known)) = fields.iter_mut().find(|(key, _)| key == name) {
        *known = value;
    }
}

fn take(fields: &mut Ordered, name: &str) -> Option<Value> {
    let at = fields.iter().position(|(key, _)| key == name)?;
    Some(fields.remove(at).1)
}

/// Whether the plugin can write the patterns of `cache_keys`, which it does without escapes.
fn is_writable(fields: &Ordered, name: &Word) -> Parsed<bool> {
    let Some((_, Value::Ordered(keys))) = fields.iter().find(|(key, _)| key == "cache_keys") else {
        return Ok(true);
    };
    for (pattern, _) in keys {
        match serde_json::from_str::<String>(&format!("\"{pattern}\"")) {
            Err(_) => return Ok(false),
            Ok(read) if read != pattern.as_str() => {
                return Err(value::unescaped_pattern(name, pattern));
            }
            Ok(_) => {}
        }
    }
    Ok(true)
}

fn object(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Ordered(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

/// Access to the addresses that control the cache.
fn security() -> Value {
    object([
        ("basepath", Value::from("")),
        ("enable", Value::Bool(false)),
        ("secret", Value::from("")),
        ("users", Value::Null),
    ])
}

/// The app; `None` where Go writes `null`.
pub(super) fn app(mut fields: Ordered, name: &Word) -> Parsed<Option<Ordered>> {
    if !is_writable(&fields, name)? {
        return Ok(None);
    }
    finish(&mut fields);
    if let Some((_, Value::Ordered(api))) = fields.iter_mut().find(|(key, _)| key == "api") {
        let mut all = std::mem::take(api).into_vec();
        all.push(("security".into(), security()));
        *api = all.into_boxed_slice();
    }
    Ok(Some(fields))
}

/// The handler, whose settings stand below `Configuration`, and once more unset.
pub(super) fn handler(
    mut fields: Ordered,
    matcher: Option<MatcherSet>,
    cursor: &Cursor,
    name: &Word,
) -> Parsed<Vec<Lowered>> {
    let handler = if is_writable(&fields, name)? {
        finish(&mut fields);
        let endpoint = || {
            object([
                ("basepath", Value::from("")),
                ("enable", Value::Bool(false)),
                ("security", Value::Bool(false)),
            ])
        };
        let api = object([
            ("basepath", Value::from("")),
            ("debug", endpoint()),
            ("prometheus", endpoint()),
            ("security", security()),
            ("souin", endpoint()),
        ]);
        let (level, keys, disabled) = (
            take(&mut fields, "log_level").unwrap_or_default(),
            take(&mut fields, "cache_keys").unwrap_or_default(),
            take(&mut fields, "SurrogateKeyDisabled").unwrap_or_default(),
        );
        let configuration = object([
            ("API", api),
            ("DefaultCache", Value::Ordered(fields.into_boxed_slice())),
            ("LogLevel", level),
            ("SurrogateKeyDisabled", disabled),
            ("SurrogateKeys", Value::Null),
            ("URLs", Value::Null),
            ("cache_keys", keys),
        ]);
        let timeout = object([("backend", Value::from("0s")), ("cache", Value::from("0s"))]);
        let unset: Fields = encoded_again(vec![
            ("Configuration".into(), configuration),
            ("badger".into(), Value::Null),
            ("etcd".into(), Value::Null),
            ("key".into(), object([])),
            ("nats".into(), Value::Null),
            ("nuts".into(), Value::Null),
            ("olric".into(), Value::Null),
            ("otter".into(), Value::Null),
            ("redis".into(), Value::Null),
            ("simplefs".into(), Value::Null),
            ("stale".into(), Value::from("0s")),
            ("timeout".into(), timeout),
            ("ttl".into(), Value::from("0s")),
        ]);
        Handler::module("cache", unset, name.span)
    } else {
        let message = "a pattern of `cache_keys` has a backslash, so that the plugin writes `null`";
        let warning = crate::diagnostics::Diagnostic::warning(Code::NOT_REPRESENTABLE, name.span, message);
        cursor.keep(Fault { diagnostic: Box::new(warning), frame: name.frame });
        Handler { span: name.span, body: HandlerBody::Null }
    };
    Ok(vec![Lowered::Route(Route { matchers: matcher.into_iter().collect(), ..Route::of(handler) })])
}
