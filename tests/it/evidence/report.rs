//! The report: every figure is a count of real rows, and leads to them.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::store::report;

use super::{ASKED, UNKNOWN, answers, judged_right, state_hours, text_of, writes};
use crate::on_both;
use crate::support::{Desk, Engine};

on_both! {
    async fn every_figure_leads_to_its_conversations(desk) {
        state_hours(&desk).await;
        let (sarah, vera) = (desk.agent("Sarah", Role::Agent).await, desk.agent("Vera", Role::Viewer).await);
        let empty = vera.get("/bot/report").await.expect(200);
        assert!(empty.seen().contains("Le robot n’a rien lu pendant cette période"), "{}", empty.seen());
        judged_right(&desk, &sarah, 3).await;
        let scope = desk.scope(&sarah).await;
        let alone = writes(&desk, "1", UNKNOWN).await;
        desk.clock.forward(Duration::from_mins(8));
        answers(&desk, &scope, alone.id, "Non, ni l’un ni l’autre.").await;
        let open = writes(&desk, "2", ASKED).await;

        let page = vera.get("/bot/report?days=7").await.expect(200);
        let figures = page.all(".repg li");
        assert!(figures[1].contains("Proposé 4"), "{figures:?}");
        assert!(figures[3].contains("Muet 1"), "{figures:?}");
        assert!(figures[5].contains("3 jugés : moins de 20"), "too little is no figure: {figures:?}");
        assert!(page.all(".repgap").concat().contains("8 min"), "{:?}", page.all(".repgap"));
        assert_eq!(page.all(".rep tbody tr").len(), 7 + 1 + 1 + 1, "seven days, an entry, a network, a language");
        // Behind the number stand the conversations.
        let link = page.attr(".repg li:nth-child(2) a", "href").unwrap();
        let list = vera.get(&link).await.expect(200);
        assert_eq!(list.all("ul.people li").len(), 4);
        assert!(list.text.contains(&format!("/tickets/{}", open.id)) && !list.text.contains(&format!("/tickets/{}", alone.id)));
        let gap = page.attr(".repgap a", "href").unwrap();
        let gaps = vera.get(&gap).await.expect(200);
        assert_eq!(gaps.all("ul.people li").len(), 1);
        assert!(gaps.seen().contains("plomb"), "{}", gaps.seen());
        // Chosen by network and language; what is chosen stands in the address.
        assert!(vera.get("/bot/report?days=7&network=x").await.expect(200).seen().contains("n’a rien lu"));
        let french = vera.get("/bot/report?days=90&language=fr&network=facebook").await.expect(200);
        assert!(french.all(".repg li")[1].contains("Proposé 4"));
        // The same for a spreadsheet.
        let csv = vera.get("/bot/report.csv?days=7").await.expect(200);
        assert!(csv.headers["content-type"].starts_with("text/csv"), "{:?}", csv.headers);
        let line = csv.text.lines().find(|l| l.starts_with("entry,hours/opening-hours")).unwrap();
        assert!(line.starts_with("entry,hours/opening-hours,0,4,0,0,0,3,3,"), "{line}");
        assert_eq!(csv.text.lines().filter(|l| l.starts_with("day,")).count(), 7);
        // Another brand sees nothing of it.
        let (velora, _) = desk.second_brand().await;
        let nina = desk.agent_at(velora, "Nina", Role::Lead).await;
        assert!(nina.get("/bot/report").await.expect(200).seen().contains("n’a rien lu"));
        assert!(nina.get(&link).await.expect(200).all("ul.people li").is_empty());
        let _ = text_of(&sarah, open.id, super::HOURS).await;
    }
}

/// What is counted is counted from an index alone, however much was thought.
#[tokio::test]
async fn counting_reads_an_index_and_nothing_else() {
    let desk = Desk::open(Engine::Sqlite).await;
    let plan = report::plan(&mut desk.house.db.read().await.unwrap()).await.unwrap().join("\n");
    assert!(plan.contains("COVERING INDEX thoughts_report (brand_id=? AND at>? AND at<?)"), "{plan}");
}
