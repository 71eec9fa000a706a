//! Reading a file of labelled messages, in the ways people write yes, no and the stages.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};

use crate::base::text::fold;
use crate::desk::stage::Stage;
use crate::desk::triage::verdict::MOODS;

/// Labels that are there or not.
pub const FLAGS: [&str; 6] = ["hot", "support", "complaint", "spam", "legal", "crisis"];
/// Labels of which there is one of several.
pub const CHOICES: [&str; 3] = ["language", "stage", "sentiment"];

/// A file of labelled messages.
#[derive(Debug, Default)]
pub struct File {
    /// Its rows.
    pub rows: Vec<Row>,
    /// The labels it has, in its order.
    pub labels: Vec<String>,
    /// Columns that say nothing here.
    pub ignored: Vec<String>,
}

/// One message and its labels.
#[derive(Debug, Default)]
pub struct Row {
    /// What was written.
    pub text: String,
    /// Which flags it has.
    pub flags: BTreeMap<&'static str, bool>,
    /// Which choices it has; none where the cell is empty.
    pub choices: BTreeMap<&'static str, String>,
}

impl Row {
    /// The labels as one object.
    pub fn expected(&self) -> serde_json::Value {
        let flags = self.flags.iter().map(|(k, v)| ((*k).to_owned(), (*v).into()));
        let choices = self.choices.iter().map(|(k, v)| ((*k).to_owned(), v.as_str().into()));
        serde_json::Value::Object(flags.chain(choices).collect())
    }
}

/// Reads a file.
///
/// # Errors
/// No column `text`, or a cell that says neither yes nor no, no stage, no mood: with its row.
pub fn read(path: &Path) -> anyhow::Result<File> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let heads: Vec<String> =
        reader.headers()?.iter().map(|h| h.trim_start_matches('\u{FEFF}').trim().to_lowercase()).collect();
    let Some(text) = heads.iter().position(|h| h == "text") else {
        bail!("{} has no column “text”; its columns are: {}", path.display(), heads.join(", "));
    };
    let known = |h: &String| FLAGS.contains(&h.as_str()) || CHOICES.contains(&h.as_str());
    let mut file = File {
        labels: heads.iter().filter(|h| known(h)).cloned().collect(),
        ignored: heads.iter().filter(|h| !known(h) && *h != "text" && !h.is_empty()).cloned().collect(),
        ..File::default()
    };
    for (n, record) in reader.records().enumerate() {
        let record = record.with_context(|| format!("{}, row {}", path.display(), n + 1))?;
        let mut row = Row { text: record.get(text).unwrap_or_default().to_owned(), ..Row::default() };
        for (head, cell) in heads.iter().zip(record.iter()) {
            let wrong = || format!("{}, row {}: {head} is “{cell}”", path.display(), n + 1);
            if let Some(flag) = FLAGS.iter().find(|f| *f == head) {
                row.flags.insert(flag, truth(cell).with_context(|| wrong() + ", neither yes nor no")?);
            }
            if let Some(choice) = CHOICES.iter().find(|c| *c == head)
                && !cell.trim().is_empty()
            {
                row.choices.insert(choice, chosen(choice, cell).with_context(wrong)?);
            }
        }
        file.rows.push(row);
    }
    if file.labels.is_empty() {
        bail!("{} has no labels; the columns may be: {}, {}", path.display(), CHOICES.join(", "), FLAGS.join(", "));
    }
    Ok(file)
}

/// Yes or no, in the ways people write it; an empty cell is no.
fn truth(cell: &str) -> Option<bool> {
    match fold(cell.trim()).text.as_str() {
        "1" | "1.0" | "true" | "t" | "yes" | "y" | "oui" | "o" | "vrai" | "x" => Some(true),
        "" | "0" | "0.0" | "false" | "f" | "no" | "n" | "non" | "faux" | "-" => Some(false),
        _ => None,
    }
}

fn chosen(choice: &str, cell: &str) -> Option<String> {
    let said = fold(cell.trim()).text.replace(['_', '-'], " ");
    match choice {
        "stage" => stage(&said).map(|s| s.to_string()),
        "sentiment" => mood(&said).map(str::to_owned),
        _ => Some(said.split(' ').next().unwrap_or_default().to_owned()),
    }
}

fn stage(said: &str) -> Option<Stage> {
    Some(match said {
        "awareness" | "decouverte" | "notoriete" | "none" | "aucun" => Stage::Awareness,
        "consideration" => Stage::Consideration,
        "hot prospect" | "hot" | "prospect chaud" | "chaud" | "prospect" => Stage::HotProspect,
        "customer" | "client" | "cliente" | "support" => Stage::Customer,
        "advocate" | "ambassadeur" | "ambassadrice" | "ambassador" => Stage::Advocate,
        _ => return None,
    })
}

fn mood(said: &str) -> Option<&'static str> {
    Some(match said {
        "positive" | "positif" | "positive sentiment" | "pos" | "1" => MOODS[0],
        "neutral" | "neutre" | "neu" | "0" | "mixed" => MOODS[1],
        "negative" | "negatif" | "neg" | " 1" => MOODS[2],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_no_and_stages_as_people_write_them() {
        assert_eq!(["1", "Oui", "TRUE", "x"].map(truth), [Some(true); 4]);
        assert_eq!(["0", "non", "", "False"].map(truth), [Some(false); 4]);
        assert_eq!(truth("maybe"), None);
        for (cell, is) in
            [("Prospect chaud", "hot_prospect"), ("hot_prospect", "hot_prospect"), ("Découverte", "awareness")]
        {
            assert_eq!(chosen("stage", cell).as_deref(), Some(is));
        }
        assert_eq!(chosen("stage", "warm"), None);
        assert_eq!(chosen("sentiment", "-1").as_deref(), Some("negative"));
        assert_eq!(chosen("language", "fr-FR").as_deref(), Some("fr"));
    }
}
