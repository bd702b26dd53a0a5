//! `invoke`: a named route (docs: "invoke").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{
    Answer, Changes, Conduct, Cursor, HandlerModule, Parsed, Raises, Serves, Shown, arguments,
};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("invoke", "<name>", "Runs the named route `&(name)`", lower)
        .example("&(app) {\n\treverse_proxy localhost:8080\n}\n\nexample.com {\n\tinvoke app\n}")
        .makes(&HANDLER)
        .conduct(Conduct {
            answers: Answer::Sometimes,
            serves: Serves::NamedRoute,
            raises: Raises::Often,
            reads_body: true,
            ..Conduct::NONE
        });

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule {
    answers: Answer::Sometimes,
    changes: Changes::Variables,
    shows: &[Shown::Value("name")],
    ..HandlerModule::new("invoke")
};

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let keyword = cursor.word().clone();
    let name = cursor.need_arg("the name of a named route")?;
    let word = cursor.word().clone();
    if cursor.next() {
        cursor.back();
        cursor.no_more_args(&keyword, "one name")?;
        return Err(arguments::no_block(&word, "invoke", "remove the block"));
    }
    scope.state.invoked.insert(name.clone(), word);
    let mut fields = Fields::new();
    if !name.is_empty() {
        fields.insert("name", name);
    }
    Ok(Handler::module("invoke", fields, keyword.span))
}
