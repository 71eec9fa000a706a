//! The faults every network does to those who listen to it: a line for each, and where one does not
//! apply, why. Each is a story that is told once and tried at every registered network.

use guichet::networks::NETWORKS;

use super::{SIDES, Side};

/// A fault, and the networks that do not have it.
pub struct Fault {
    pub name: &'static str,
    /// Which do not, and why.
    pub apart: &'static [(&'static str, &'static str)],
}

const fn fault(name: &'static str, apart: &'static [(&'static str, &'static str)]) -> Fault {
    Fault { name, apart }
}

const NO_HOOK: &str = "nothing is pushed: it is read";
const NO_WINDOW: &str = "there is no time after which one may not write";
const IDS_STAY: &str = "people are known by an id that stays";
const NOT_NUMBERED: &str = "what it tells bears no number of its own";
const PLAIN: &str = "what it tells is not wrapped into a string";
const SAYS_NOTHING: &str = "there are no lists that leave their key out";
const READS_AT_ONCE: &str = "what was sent is listed at once, or never";
const NO_RENEWAL: &str = "the login does not age";
const ONE_TRACK: &str = "a thing is told by one kind of event only";
const NO_HALT: &str = "a refusal is about one reply, never about all of them";

/// The list of networks-closed §11, and the halt of §7.
pub static FAULTS: &[Fault] = &[
    fault(
        "a batch with the unknown and the broken inside",
        &[("tiktok", "each body holds one event"), ("email", "a mail has no kind that could be unknown")],
    ),
    fault("told twice", &[]),
    fault(
        "gone before it came",
        &[
            ("instagram", "comments are never said to be gone"),
            ("x", "other people's posts are never said to be gone"),
            ("email", "nobody takes a mail back"),
        ],
    ),
    fault("its echo before the answer", &[("email", "a mail we sent does not come to our mailbox")]),
    fault(
        "one thing told as two kinds",
        &[
            ("whatsapp", ONE_TRACK),
            ("youtube", ONE_TRACK),
            ("linkedin", "a comment and a share that names us are two things"),
            ("tiktok", ONE_TRACK),
            ("email", ONE_TRACK),
            ("bridge", ONE_TRACK),
        ],
    ),
    fault(
        "ids as numbers",
        &[
            ("youtube", "ids are words there"),
            ("linkedin", "ids stand within names of things"),
            ("email", "ids are addresses there"),
        ],
    ),
    fault("nobody is named", &[]),
    fault("signatures: forged, old, over escaped bytes", &[("youtube", NO_HOOK), ("email", NO_HOOK)]),
    fault(
        "the question whether the hook is ours",
        &[
            ("youtube", NO_HOOK),
            ("tiktok", "it asks no question: hooks are named by a call"),
            ("email", NO_HOOK),
            ("bridge", "whoever runs it knows our hook"),
        ],
    ),
    fault("an hour of failures", &[("youtube", NO_HOOK), ("email", NO_HOOK)]),
    fault("throttled, then taken", &[]),
    fault("every class of refusal", &[]),
    fault("accepted without an answer", &[]),
    fault(
        "the last second of the window",
        &[
            ("threads", NO_WINDOW),
            ("x", NO_WINDOW),
            ("youtube", NO_WINDOW),
            ("linkedin", NO_WINDOW),
            ("email", NO_WINDOW),
            ("bridge", "the bridge's own network decides, and says window_closed"),
        ],
    ),
    fault(
        "one message more than it takes",
        &[
            ("facebook", "messages are not counted"),
            ("instagram", "messages are not counted"),
            ("whatsapp", "messages are not counted within the window"),
            ("threads", "there are no private messages"),
            ("x", "a day's 1,440 are answered with 429"),
            ("youtube", "there are no private messages"),
            ("linkedin", "there are no private messages"),
            ("email", "mails are not counted"),
            ("bridge", "the bridge's own network decides"),
        ],
    ),
    fault(
        "two renewals at once",
        &[("facebook", NO_RENEWAL), ("whatsapp", NO_RENEWAL), ("email", NO_RENEWAL), ("bridge", NO_RENEWAL)],
    ),
    fault(
        "somebody is called otherwise",
        &[
            ("facebook", IDS_STAY),
            ("instagram", IDS_STAY),
            ("x", IDS_STAY),
            ("youtube", IDS_STAY),
            ("linkedin", IDS_STAY),
            ("tiktok", IDS_STAY),
            ("email", IDS_STAY),
            ("bridge", IDS_STAY),
        ],
    ),
    fault(
        "a negative number",
        &[
            ("facebook", NOT_NUMBERED),
            ("instagram", NOT_NUMBERED),
            ("whatsapp", NOT_NUMBERED),
            ("threads", NOT_NUMBERED),
            ("youtube", NOT_NUMBERED),
            ("tiktok", NOT_NUMBERED),
            ("email", NOT_NUMBERED),
        ],
    ),
    fault(
        "content as a string inside a string",
        &[
            ("facebook", PLAIN),
            ("instagram", PLAIN),
            ("threads", PLAIN),
            ("x", PLAIN),
            ("youtube", PLAIN),
            ("linkedin", PLAIN),
            ("email", PLAIN),
        ],
    ),
    fault(
        "an empty answer without its key",
        &[
            ("facebook", SAYS_NOTHING),
            ("instagram", SAYS_NOTHING),
            ("whatsapp", "nothing is read back"),
            ("threads", SAYS_NOTHING),
            ("linkedin", SAYS_NOTHING),
            ("tiktok", SAYS_NOTHING),
            ("email", "a mailbox is no list of that kind"),
            ("bridge", "nothing is read back"),
        ],
    ),
    fault(
        "a list that lags behind",
        &[
            ("facebook", READS_AT_ONCE),
            ("instagram", READS_AT_ONCE),
            ("whatsapp", "nothing can be listed"),
            ("threads", READS_AT_ONCE),
            ("youtube", READS_AT_ONCE),
            ("linkedin", READS_AT_ONCE),
            ("tiktok", READS_AT_ONCE),
            ("email", READS_AT_ONCE),
            ("bridge", READS_AT_ONCE),
        ],
    ),
    fault(
        "the same refusal again and again",
        &[
            ("facebook", NO_HALT),
            ("instagram", NO_HALT),
            ("whatsapp", NO_HALT),
            ("threads", NO_HALT),
            ("youtube", NO_HALT),
            ("linkedin", NO_HALT),
            ("tiktok", NO_HALT),
            ("email", NO_HALT),
            ("bridge", NO_HALT),
        ],
    ),
];

/// The networks a fault applies to; what is asked for must stand in the table.
pub fn with(name: &str) -> Vec<&'static dyn Side> {
    let fault = FAULTS.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("no line says “{name}”"));
    SIDES.iter().copied().filter(|s| fault.apart.iter().all(|(slug, _)| *slug != s.slug())).collect()
}

#[test]
fn every_network_and_every_fault_stand_in_the_table() {
    let met: Vec<&str> = SIDES.iter().map(|s| s.slug()).collect();
    let registered: Vec<&str> = NETWORKS.iter().map(|n| n.slug()).collect();
    assert_eq!(met, registered, "every registered network is met by the tests, in the same order");
    // Each story asks for its line by name, and each line has a story.
    let stories = include_str!("faults.rs");
    for fault in FAULTS {
        let asked = stories.matches(&format!("with({:?})", fault.name)).count();
        assert_eq!(asked, 1, "“{}” has {asked} stories", fault.name);
        for (slug, why) in fault.apart {
            assert!(registered.contains(slug), "“{}”: no network is called {slug}", fault.name);
            assert!(why.split(' ').count() > 3, "“{}”, {slug}: {why} is no reason", fault.name);
        }
        let mut apart: Vec<&str> = fault.apart.iter().map(|(slug, _)| *slug).collect();
        apart.dedup();
        assert_eq!(apart.len(), fault.apart.len(), "“{}” leaves a network out twice", fault.name);
        assert!(apart.len() < registered.len(), "“{}” applies to nobody", fault.name);
    }
}
