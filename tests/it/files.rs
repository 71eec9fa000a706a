//! Files agents send along: chosen in the composer, they wait there, go with the reply, and nothing is
//! lost on the way.

use std::time::Duration;

use guichet::desk::agent::Role;
use guichet::desk::delivery::Delivery;
use guichet::desk::message::Visibility;
use guichet::flow::reply;
use guichet::simulator::whatsapp::Person;
use serde_json::json;

use crate::meta::{account, connected, deeds};
use crate::on_both;
use crate::support::browser::Browser;
use crate::support::desk::PAGE;
use crate::support::replies::{again, state};
use crate::support::{Desk, Engine, Visitor};

const PHOTO: &[u8] = b"\x89PNG\r\n\x1A\nphoto of a cork";
const BILL: &[u8] = b"%PDF-1.7 facture";

/// A customer has written on WhatsApp; the path of the ticket.
async fn asked(desk: &Desk) -> String {
    connected(desk, "whatsapp").await;
    let lea = Person::with_number("33612345678", "Léa Vidal");
    desk.simulator.whatsapp.message_at(account("whatsapp"), &lea, "Vous avez une photo ?", desk.house.now());
    desk.settle().await;
    format!("/tickets/{}", desk.ticket().await.id)
}

/// Nobody takes it back in time.
async fn leaves(desk: &Desk) {
    desk.clock.forward(Duration::from_secs(31));
    desk.settle().await;
}

async fn attach(who: &Visitor, ticket: &str, text: &str, files: &[(&str, &[u8])]) -> crate::support::visitor::Answer {
    let files: Vec<(&str, &str, &[u8])> = files.iter().map(|(name, bytes)| ("files", *name, *bytes)).collect();
    who.post_files(&format!("{ticket}/files"), &[("visibility", "private"), ("text", text)], &files).await
}

/// What the page of a ticket says will go along: names, and the field that names them.
async fn waiting(who: &Visitor, ticket: &str) -> (Vec<String>, String) {
    let page = who.get(ticket).await.expect(200);
    (page.all(".along bdi"), page.attr("[name=along]", "value").unwrap_or_default())
}

async fn send(who: &Visitor, ticket: &str, text: &str, along: &str) -> crate::support::visitor::Answer {
    who.post(&format!("{ticket}/reply"), &[("visibility", "private"), ("text", text), ("along", along)]).await
}

on_both! {
    /// A photo goes along with the words beside it, and stands in the thread.
    async fn a_photo_goes_with_its_words(desk) {
        let ticket = asked(&desk).await;
        let (sarah, karim) = (desk.agent("Sarah", Role::Agent).await, desk.agent("Karim", Role::Agent).await);
        let to = attach(&sarah, &ticket, "La voici", &[("bouchon.png", PHOTO)]).await.expect(303);
        assert!(sarah.get(to.location()).await.expect(200).text.contains("La voici"), "what was begun is kept");
        let (names, along) = waiting(&sarah, &ticket).await;
        assert_eq!(names, ["bouchon.png"]);
        assert!(waiting(&karim, &ticket).await.0.is_empty(), "a colleague sees their own only");
        send(&karim, &ticket, "La mienne", &along).await.expect(422);
        send(&sarah, &ticket, "La voici 🙂", &along).await.expect(303);
        leaves(&desk).await;
        assert_eq!(deeds(&desk, "whatsapp"), ["message: image bouchon.png: La voici 🙂"]);
        assert!(waiting(&sarah, &ticket).await.0.is_empty());
        let sent = desk.messages(desk.ticket().await.id).await.pop().unwrap();
        assert_eq!(sent.text, "La voici 🙂");
        let picture = sarah.get(&format!("/media/{}/0", sent.id)).await.expect(200);
        assert_eq!(picture.headers["content-type"], "image/png");
        assert_eq!(picture.headers["content-security-policy"], "sandbox; default-src 'none'");
        assert!(picture.text.ends_with("photo of a cork"));
        let other = desk.second_brand().await.0;
        let stranger = desk.agent_at(other, "Eve", Role::Admin).await;
        stranger.get(&format!("/media/{}/0", sent.id)).await.expect(404);
    }

    /// What a network does not take is said before it is sent, and the words stay.
    async fn what_the_network_does_not_take_is_said(desk) {
        let ticket = asked(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let ogg = [b"OggS", &[0; 60][..]].concat();
        for (files, said) in [
            (vec![("virus.exe", b"MZ".as_slice())], "n’accepte pas ce type de fichier : virus.exe"),
            (vec![("photo.png", b"<script>".as_slice())], "n’accepte pas ce type de fichier : photo.png"),
            (vec![("a.png", PHOTO), ("b.png", PHOTO)], "1 au plus"),
            (vec![], "Choisissez d’abord un fichier"),
        ] {
            let back = attach(&sarah, &ticket, "Je vous l’envoie", &files).await.expect(422);
            assert!(back.seen().contains(said), "{said}: {}", back.seen());
            assert!(back.text.contains("Je vous l’envoie"));
            assert!(waiting(&sarah, &ticket).await.0.is_empty(), "all or none");
        }
        let long = [PHOTO, &vec![0; 5 << 20]].concat();
        let back = attach(&sarah, &ticket, "", &[("grande.png", &long)]).await.expect(422);
        assert!(back.seen().contains("grande.png > 5 Mo"), "{}", back.seen());
        attach(&sarah, &ticket, "", &[("voix.ogg", &ogg)]).await.expect(303);
        let along = waiting(&sarah, &ticket).await.1;
        let back = send(&sarah, &ticket, "Écoutez", &along).await.expect(422);
        assert!(back.seen().contains("voix.ogg sans texte"), "{}", back.seen());
        send(&sarah, &ticket, "", &along).await.expect(303);
        leaves(&desk).await;
        assert_eq!(deeds(&desk, "whatsapp"), ["message: audio voix.ogg"]);
        // Chosen and not attached, with no script to do it: the reply does not leave without it.
        let form = [("visibility", "private"), ("text", "Voici"), ("files", "facture.pdf")];
        let back = sarah.post(&format!("{ticket}/reply"), &form).await.expect(422);
        assert!(back.seen().contains("facture.pdf n’est pas encore joint"), "{}", back.seen());
        attach(&sarah, &ticket, "", &[("facture.pdf", BILL)]).await.expect(303);
        let along = waiting(&sarah, &ticket).await.1;
        let back = send(&sarah, &ticket, &"é".repeat(1_025), &along).await.expect(422);
        assert!(back.seen().contains("1025 / 1024"), "{}", back.seen());
        send(&sarah, &ticket, &"é".repeat(1_024), &along).await.expect(303);
        leaves(&desk).await;
        assert_eq!(deeds(&desk, "whatsapp").len(), 2);
    }

    /// A reply that is taken back gives its files back; one that waits can be let go.
    async fn what_is_taken_back_comes_back_whole(desk) {
        let ticket = asked(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        attach(&sarah, &ticket, "La voici", &[("bouchon.png", PHOTO)]).await.expect(303);
        let (_, along) = waiting(&sarah, &ticket).await;
        send(&sarah, &ticket, "La voici", &along).await.expect(303);
        let said = desk.messages(desk.ticket().await.id).await.pop().unwrap();
        reply::take_back(&desk.house, &desk.scope(&sarah).await, said.id).await.unwrap();
        assert_eq!(waiting(&sarah, &ticket).await, (vec!["bouchon.png".into()], along.clone()));
        let form = [("visibility", "private"), ("text", "Plus tard"), ("file", along.as_str())];
        sarah.post(&format!("{ticket}/files/let-go"), &form).await.expect(303);
        assert!(waiting(&sarah, &ticket).await.0.is_empty());
        assert!(sarah.get(&ticket).await.expect(200).text.contains("Plus tard"));
        let back = send(&sarah, &ticket, "La voici", &along).await.expect(422);
        assert!(back.seen().contains("retiré entre-temps"), "{}", back.seen());
        leaves(&desk).await;
        assert!(deeds(&desk, "whatsapp").is_empty());
    }

    /// Handing a file over reaches nobody: when that fails, it is tried again, and sent once.
    async fn a_file_that_was_not_handed_over_is_sent_once(desk) {
        let ticket = asked(&desk).await;
        let sarah = desk.agent("Sarah", Role::Agent).await;
        attach(&sarah, &ticket, "", &[("bouchon.png", PHOTO)]).await.expect(303);
        let (_, along) = waiting(&sarah, &ticket).await;
        desk.simulator.whatsapp.stage.lose_next("media");
        send(&sarah, &ticket, "La voici", &along).await.expect(303);
        leaves(&desk).await;
        assert!(deeds(&desk, "whatsapp").is_empty());
        let said = desk.messages(desk.ticket().await.id).await.pop().unwrap();
        assert_eq!(state(&desk, &said).await.0, Delivery::RetryWait);
        desk.clock.forward(Duration::from_mins(10));
        leaves(&desk).await;
        assert_eq!(deeds(&desk, "whatsapp"), ["message: image bouchon.png: La voici"]);
        assert_eq!(again(&desk, &said).await.delivery, Some(Delivery::Delivered));
    }

    /// A mail carries several, each under its name.
    async fn a_mail_carries_its_files(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        let (us, key) = ("support@aubepine.example", "password");
        desk.simulator.email.add_mailbox(us, key);
        let (channel, _) = desk.connect("email", desk.simulator.email.settings(us, key)).await;
        desk.simulator.email.write(us, ("lea@example.org", "Léa"), "Facture", "Je voudrais ma facture", None);
        desk.read(channel).await;
        let ticket = format!("/tickets/{}", desk.ticket().await.id);
        attach(&sarah, &ticket, "", &[("facture n° 12.pdf", BILL)]).await.expect(303);
        attach(&sarah, &ticket, "", &[("bouchon.png", PHOTO)]).await.expect(303);
        let (names, along) = waiting(&sarah, &ticket).await;
        assert_eq!(names, ["facture n° 12.pdf", "bouchon.png"]);
        send(&sarah, &ticket, "La voici, avec une photo.", &along).await.expect(303);
        leaves(&desk).await;
        let raw = desk.simulator.email.ledger().remove(0).raw;
        let mail = mail_parser::MessageParser::default().parse(&raw).unwrap();
        assert_eq!(mail.body_text(0).unwrap().trim(), "La voici, avec une photo.");
        use mail_parser::MimeHeaders;
        let files: Vec<(&str, &[u8])> = mail.attachments().map(|a| (a.attachment_name().unwrap(), a.contents())).collect();
        assert_eq!(files, [("facture n° 12.pdf", BILL), ("bouchon.png", PHOTO)]);
    }

    /// The bridge is given the bytes.
    async fn the_bridge_carries_files(desk) {
        let sarah = desk.agent("Sarah", Role::Agent).await;
        desk.simulator.bridge.share(b"a bit of secrecy, CANARY");
        let url = format!("{}/replies", desk.simulator.api_base("bridge"));
        let settings = [("account", "snap"), ("secret", "whsec_YSBiaXQgb2Ygc2VjcmVjeSwgQ0FOQVJZ"), ("url", &url)];
        let settings = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let (_, hook) = desk.connect("bridge", settings).await;
        let asked = json!({"type": "message", "id": "m1", "kind": "dm", "thread": "t1", "from": {"id": "u1", "name": "Léa"}, "text": "Ma facture ?"});
        assert_eq!(desk.simulator.bridge.tell(&format!("{}{}", desk.base, hook.unwrap()), &asked).await, 200);
        desk.settle().await;
        let ticket = format!("/tickets/{}", desk.ticket().await.id);
        attach(&sarah, &ticket, "", &[("facture.pdf", BILL)]).await.expect(303);
        let (_, along) = waiting(&sarah, &ticket).await;
        send(&sarah, &ticket, "Voici", &along).await.expect(303);
        leaves(&desk).await;
        let taken = desk.simulator.bridge.ledger().remove(0);
        assert_eq!(taken["files"], json!([{"name": "facture.pdf", "type": "application/pdf", "data": "JVBERi0xLjcgZmFjdHVyZQ=="}]));
    }

    /// No file goes under a post; a note among colleagues takes any.
    async fn a_note_takes_any_file_and_a_comment_none(desk) {
        let post = desk.simulator.facebook.publish(PAGE, "Petit Loup");
        desk.simulator.facebook.comment(PAGE, &post, ("1", "Léa"), "C’est quelle taille ?");
        desk.settle().await;
        let (sarah, ticket) = (desk.agent("Sarah", Role::Agent).await, format!("/tickets/{}", desk.ticket().await.id));
        let path = format!("{ticket}/files");
        let back = sarah.post_files(&path, &[("visibility", "public"), ("text", "")], &[("files", "a.png", PHOTO)]).await;
        assert!(back.expect(422).seen().contains("Aucun fichier ne peut partir par ce chemin"));
        let to = sarah.post_files(&path, &[("visibility", "internal"), ("text", "")], &[("files", "../.guide.txt", b"tailles")]).await;
        to.expect(303);
        let (names, along) = waiting(&sarah, &ticket).await;
        assert_eq!(names, ["_.guide.txt"]);
        let note = [("visibility", "internal"), ("text", ""), ("along", along.as_str())];
        sarah.post(&format!("{ticket}/reply"), &note).await.expect(303);
        let note = desk.messages(desk.ticket().await.id).await.pop().unwrap();
        assert_eq!(note.visibility, Visibility::Internal);
        let kept = sarah.get(&format!("/media/{}/0", note.id)).await.expect(200);
        assert_eq!((kept.text.as_str(), kept.headers["content-type"].as_str()), ("tailles", "application/octet-stream"));
        leaves(&desk).await;
        assert!(desk.deeds().is_empty());
    }
}

/// In a browser: chosen, it is there at once, beside the words that stood in the composer; then it is
/// sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_chosen_in_a_browser_and_sent() {
    let desk = Desk::open(Engine::Sqlite).await;
    let ticket = asked(&desk).await;
    let photo = desk.folder().join("bouchon.png");
    std::fs::write(&photo, PHOTO).unwrap();
    let sarah = desk.agent("Sarah", Role::Agent).await;
    let mut browser = Browser::open().await;
    browser.enter(&desk, &sarah, &ticket).await;
    browser.press("p").await;
    browser.type_out("La voici").await;
    let root = browser.ask("DOM.getDocument", json!({})).await["root"]["nodeId"].clone();
    let field = browser.ask("DOM.querySelector", json!({"nodeId": root, "selector": "#files"})).await["nodeId"].clone();
    browser.ask("DOM.setFileInputFiles", json!({"nodeId": field, "files": [photo]})).await;
    browser.until("document.querySelector('.along bdi')?.textContent === 'bouchon.png'").await;
    browser.until("document.getElementById('ed').value === 'La voici'").await;
    browser.until("document.activeElement.id === 'ed'").await;
    browser.press_and_go("Ctrl+Enter").await;
    browser.until("document.querySelector('.pic img')?.naturalWidth !== undefined").await;
    leaves(&desk).await;
    assert_eq!(deeds(&desk, "whatsapp"), ["message: image bouchon.png: La voici"]);
}
