//! The same library as files: out, changed with a text editor, looked at, and in again, byte for byte.

use std::fs;

use guichet::desk::canned::Weight;
use guichet::flow::library;

use super::{LATE, with_entries};
use crate::on_both;

on_both! {
    async fn out_and_in_again(desk) {
        let elodie = with_entries(&desk).await;
        let scope = desk.scope(&elodie).await;
        super::more_examples(&desk, &scope, LATE, &["zorglub en rade"]).await;
        let folder = tempfile::tempdir().unwrap();
        for (name, source) in library::export(&desk.house, desk.brand).await.unwrap() {
            let path = folder.path().join(&name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, source).unwrap();
        }
        let late = folder.path().join(format!("{LATE}.md"));
        let written = fs::read_to_string(&late).unwrap();
        fs::write(&late, written.replace("le colis zorglub n'arrive pas", "le colis zorglub est perdu")).unwrap();
        let read = || {
            let mut files = Vec::new();
            for folder in fs::read_dir(folder.path()).unwrap() {
                let folder = folder.unwrap().path();
                for file in fs::read_dir(&folder).unwrap() {
                    let file = file.unwrap().path();
                    let name = file.strip_prefix(folder.parent().unwrap()).unwrap().to_str().unwrap().to_owned();
                    files.push((name, fs::read_to_string(&file).unwrap()));
                }
            }
            files.sort_by_key(|(name, _): &(String, String)| name.trim_end_matches(".md").to_owned());
            files
        };
        let (_, notes) = desk.house.look_at(&read()).unwrap();
        assert!(notes.iter().all(|n| n.weight != Weight::Error), "{notes:?}");
        assert_eq!(library::import(&desk.house, desk.brand, &read()).await.unwrap(), 1, "one entry was changed");
        assert_eq!(library::export(&desk.house, desk.brand).await.unwrap(), read(), "byte for byte");
        // It is a release of its own, and the draft over the old file says that it is out of date.
        let versions = elodie.get("/bot/versions").await.expect(200);
        assert!(versions.seen().contains("v2 importée depuis des fichiers"), "{}", versions.seen());
        let gate = elodie.get("/bot/publish").await.expect(200);
        assert!(gate.seen().contains("1 règle a changé en ligne entre-temps"), "{}", gate.seen());
        elodie.post("/bot/rollback", &[("number", "1")]).await.expect(303);
        let back = library::export(&desk.house, desk.brand).await.unwrap();
        assert_eq!(back.iter().find(|(n, _)| n.starts_with(LATE)).unwrap().1, written);
    }
}
