//! The texts' placeholders: minijinja's syntax, of which `{{ name }}`, a default and `if` are
//! allowed. The tree minijinja reads is checked against that list and kept as a small tree of our
//! own, so that what is filled in can never become a placeholder, and so that what is missing can be
//! shown. The one file that touches minijinja's unstable machinery; its version is pinned.

use std::collections::BTreeSet;

use minijinja::machinery::ast::{CallArg, Expr, IfCond, Stmt, UnaryOpKind};
use minijinja::machinery::parse;
use minijinja::syntax::SyntaxConfig;

use super::wrong::Wrong;

/// Longest text that may come out, in bytes.
const LONGEST: usize = 8 << 10;
/// Deepest nesting of `if`.
const DEEPEST: usize = 4;

/// Something a text may not say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Mistake {
    /// In which line of the text, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: Wrong,
}

/// A text with placeholders, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Value { name: String, otherwise: Option<String> },
    If { name: String, negated: bool, then: Vec<Part>, otherwise: Vec<Part> },
}

/// A piece of a filled text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As the author wrote it.
    Text(String),
    /// Filled in.
    Value(String),
    /// Nobody knows it: to be filled in by the agent.
    Missing(String),
}

/// A filled text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filled(pub Vec<Piece>);

impl Template {
    /// Reads a text.
    ///
    /// # Errors
    /// [`Mistake`]: broken syntax, or more than names, a default and `if`.
    pub fn parse(source: &str) -> Result<Template, Mistake> {
        let tree = parse(source, "text", SyntaxConfig::default()).map_err(|e| Mistake {
            line: e.line().unwrap_or(1),
            what: Wrong::new("template").with("detail", e.detail().map_or_else(|| e.kind().to_string(), str::to_owned)),
        })?;
        let Stmt::Template(root) = tree else { return Err(not_allowed(1, "this")) };
        Ok(Template(parts(&root.children, 0)?))
    }

    /// Every name it may ask for.
    pub fn names(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        collect(&self.0, &mut names, true);
        names
    }

    /// The names it cannot do without: neither with a default nor only asked about.
    pub fn needed(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        collect(&self.0, &mut names, false);
        names
    }

    /// Fills it; `known` gives a name's value, already fit for where it goes.
    pub fn fill(&self, known: &dyn Fn(&str) -> Option<String>) -> Filled {
        let mut filled = Filled::default();
        fill(&self.0, known, &mut filled.0);
        filled
    }
}

impl Filled {
    /// The text, with what is missing standing there as `{{ name }}` for a person to replace.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(t) | Piece::Value(t) => text.push_str(t),
                Piece::Missing(name) => {
                    text.push_str("{{ ");
                    text.push_str(name);
                    text.push_str(" }}");
                }
            }
        }
        text.trim().to_owned()
    }

    /// What is missing, in order, each once.
    pub fn missing(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for piece in &self.0 {
            if let Piece::Missing(name) = piece
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
        }
        names
    }

    /// The text when nothing is missing, it is not empty and not too long.
    pub fn complete(&self) -> Option<String> {
        let text = self.text();
        (self.missing().is_empty() && !text.is_empty() && text.len() <= LONGEST).then_some(text)
    }
}

fn fill(parts: &[Part], known: &dyn Fn(&str) -> Option<String>, out: &mut Vec<Piece>) {
    let value = |name: &str| known(name).filter(|v| !v.trim().is_empty());
    for part in parts {
        match part {
            Part::Text(text) => out.push(Piece::Text(text.clone())),
            Part::Value { name, otherwise } => out.push(match (value(name), otherwise) {
                (Some(value), _) => Piece::Value(value),
                (None, Some(text)) => Piece::Text(text.clone()),
                (None, None) => Piece::Missing(name.clone()),
            }),
            Part::If { name, negated, then, otherwise } => {
                fill(if value(name).is_some() == *negated { otherwise } else { then }, known, out);
            }
        }
    }
}

fn collect<'a>(parts: &'a [Part], names: &mut BTreeSet<&'a str>, all: bool) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Value { name, otherwise } => {
                if all || otherwise.is_none() {
                    names.insert(name);
                }
            }
            Part::If { name, then, otherwise, .. } => {
                if all {
                    names.insert(name);
                    collect(then, names, all);
                    collect(otherwise, names, all);
                } else {
                    // Under its own condition a name is there.
                    let mut inner = BTreeSet::new();
                    collect(then, &mut inner, all);
                    collect(otherwise, &mut inner, all);
                    inner.remove(name.as_str());
                    names.extend(inner);
                }
            }
        }
    }
}

fn parts(children: &[Stmt<'_>], depth: usize) -> Result<Vec<Part>, Mistake> {
    children.iter().map(|child| part(child, depth)).collect()
}

fn part(stmt: &Stmt<'_>, depth: usize) -> Result<Part, Mistake> {
    match stmt {
        Stmt::EmitRaw(raw) => Ok(Part::Text(raw.raw.to_owned())),
        Stmt::EmitExpr(emit) => placeholder(&emit.expr),
        Stmt::IfCond(cond) if depth < DEEPEST => condition(cond, depth),
        other => Err(not_allowed(line_of(other), "this")),
    }
}

fn condition(cond: &IfCond<'_>, depth: usize) -> Result<Part, Mistake> {
    let (expr, negated) = match &cond.expr {
        Expr::UnaryOp(op) if matches!(op.op, UnaryOpKind::Not) => (&op.expr, true),
        plain => (plain, false),
    };
    let name = name(expr)?;
    let (then, otherwise) = (parts(&cond.true_body, depth + 1)?, parts(&cond.false_body, depth + 1)?);
    Ok(Part::If { name, negated, then, otherwise })
}

fn placeholder(expr: &Expr<'_>) -> Result<Part, Mistake> {
    let Expr::Filter(filter) = expr else {
        return Ok(Part::Value { name: name(expr)?, otherwise: None });
    };
    let line = line(expr);
    let (Some(inner), "default") = (&filter.expr, filter.name) else {
        return Err(not_allowed(line, filter.name));
    };
    let [CallArg::Pos(Expr::Const(text))] = filter.args.as_slice() else {
        return Err(Mistake { line, what: Wrong::new("default") });
    };
    let Some(text) = text.value.as_str() else {
        return Err(Mistake { line, what: Wrong::new("default") });
    };
    Ok(Part::Value { name: name(inner)?, otherwise: Some(text.to_owned()) })
}

/// `contact.first_name`, as one word.
fn name(expr: &Expr<'_>) -> Result<String, Mistake> {
    match expr {
        Expr::Var(var) => Ok(var.id.to_owned()),
        Expr::GetAttr(attr) => Ok(format!("{}.{}", name(&attr.expr)?, attr.name)),
        other => Err(not_allowed(line(other), other.description())),
    }
}

fn not_allowed(line: usize, what: &str) -> Mistake {
    Mistake { line, what: Wrong::new("not-allowed").with("what", what) }
}

fn line(expr: &Expr<'_>) -> usize {
    usize::from(expr.span().start_line)
}

fn line_of(stmt: &Stmt<'_>) -> usize {
    let start = match stmt {
        Stmt::ForLoop(s) => s.span().start_line,
        Stmt::WithBlock(s) => s.span().start_line,
        Stmt::Set(s) => s.span().start_line,
        Stmt::SetBlock(s) => s.span().start_line,
        Stmt::IfCond(s) => s.span().start_line,
        _ => 1,
    };
    usize::from(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Option<String> {
        match name {
            "contact.first_name" => Some("Léa".into()),
            "order" => Some("{{ agent.first_name }}".into()),
            "empty" => Some(" ".into()),
            _ => None,
        }
    }

    fn filled(source: &str) -> Filled {
        Template::parse(source).unwrap().fill(&known)
    }

    #[test]
    fn names_defaults_and_conditions() {
        assert_eq!(filled("Bonjour {{ contact.first_name }} !").complete().unwrap(), "Bonjour Léa !");
        assert_eq!(filled("Bonjour {{ nobody | default(\"vous\") }}").complete().unwrap(), "Bonjour vous");
        let source = "{% if nobody %}A{% else %}B{% endif %}{% if not nobody %}C{% endif %}";
        assert_eq!(filled(source).complete().unwrap(), "BC");
        assert_eq!(filled("a{{ empty|default(\"\") }}b").complete().unwrap(), "ab");
    }

    #[test]
    fn what_is_missing_is_never_sent_empty() {
        let missing = filled("Votre commande {{ number }} et {{ number }} part {{ date }}.");
        assert_eq!(missing.missing(), ["number", "date"]);
        assert_eq!(missing.complete(), None);
        assert_eq!(missing.text(), "Votre commande {{ number }} et {{ number }} part {{ date }}.");
        assert_eq!(filled("{{ empty }}").missing(), ["empty"]);
        assert_eq!(filled("  {# nothing #} ").complete(), None);
    }

    #[test]
    fn a_value_is_never_a_placeholder() {
        assert_eq!(filled("{{ order }}").complete().unwrap(), "{{ agent.first_name }}");
    }

    #[test]
    fn nothing_else_is_taken() {
        for source in [
            "{% for a in b %}x{% endfor %}",
            "{{ a + 1 }}",
            "{{ 'x' * 99999999 }}",
            "{{ a() }}",
            "{{ a | upper }}",
            "{{ '%999999999d' | format(1) }}",
            "{{ debug() }}",
            "{{ a[0] }}",
            "{{ a | default(b) }}",
            "{% set a = 1 %}",
            "{% include 'x' %}",
            "{% if a == 1 %}x{% endif %}",
            "{{ a",
            "{% if a %}",
            "{% if a %}{% if a %}{% if a %}{% if a %}{% if a %}x{% endif %}{% endif %}{% endif %}{% endif %}{% endif %}",
        ] {
            assert!(Template::parse(source).is_err(), "{source}");
        }
        assert_eq!(Template::parse("a\nb {{ c | upper }}").unwrap_err().line, 2);
    }

    #[test]
    fn what_a_text_needs_is_what_stands_there_bare() {
        let source = "{{ a }}{{ b | default(\"x\") }}{% if c %}{{ c }}{{ d }}{% endif %}";
        let t = Template::parse(source).unwrap();
        assert_eq!(t.needed().into_iter().collect::<Vec<_>>(), ["a", "d"]);
        assert_eq!(t.names().len(), 4);
    }
}
