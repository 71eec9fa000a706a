//! People who answer, and what each role may do.

use crate::base::id::AgentId;
use crate::base::{At, Lang};
use crate::words;

words! {
    /// What a person is at a brand. Each word may do all that `may` says of it, nothing else.
    pub enum Role {
        /// Sees, changes nothing.
        Viewer = "viewer",
        /// Answers customers.
        Agent = "agent",
        /// Answers prospects.
        Sales = "sales",
        /// Moderates, writes replies and rules.
        Community = "community",
        /// Leads a team.
        Lead = "lead",
        /// Connects channels and invites people.
        Admin = "admin",
    }
}

words! {
    /// One thing a person may want to do.
    pub enum Power {
        /// Read tickets, contacts and channels of the brand.
        See = "see",
        /// Reply, note, assign, stage, label, snooze, resolve, escalate, merge.
        Handle = "handle",
        /// Hide, show and like what customers wrote.
        Moderate = "moderate",
        /// Delete what customers wrote, for good.
        Delete = "delete",
        /// Publish what looks like somebody's personal data all the same.
        Expose = "expose",
        /// Change canned replies, rules and the bot's entries.
        Write = "write",
        /// Stop and start the bot.
        StopBot = "stop_bot",
        /// Replay what could not be read, decide on unknown deliveries of others.
        Mend = "mend",
        /// Connect channels, invite people, change the brand.
        Manage = "manage",
    }
}

impl Role {
    /// The policy, whole: which role may do what.
    pub fn may(self, power: Power) -> bool {
        match power {
            Power::See => true,
            Power::Handle | Power::Moderate => self != Role::Viewer,
            Power::Delete | Power::Expose | Power::Write | Power::StopBot => {
                matches!(self, Role::Community | Role::Lead | Role::Admin)
            }
            Power::Mend => matches!(self, Role::Lead | Role::Admin),
            Power::Manage => self == Role::Admin,
        }
    }
}

/// A person with a sign-in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Agent {
    /// Whose row this is.
    pub id: AgentId,
    /// Lower-case address, unique in the installation.
    pub email: String,
    /// The name colleagues see.
    pub name: String,
    /// The interface's language.
    pub locale: Lang,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// `comfortable` or `compact`.
    pub density: String,
    /// True when single letters are commands.
    pub keys: bool,
    /// Raised whenever what this person may do changes; older sessions end at once.
    pub auth_epoch: i64,
    /// Since when this person may no longer sign in.
    pub disabled_at: Option<At>,
    /// The role at every brand, present and future, for those who have one.
    pub everywhere: Option<Role>,
}

/// An address fit to sign in with: trimmed, lower case, one `@` with something on both sides, at
/// most 254 bytes. Nothing when it is none.
pub fn clean_email(raw: &str) -> Option<String> {
    let email = raw.trim().to_lowercase();
    let (local, domain) = email.split_once('@')?;
    let sound = !local.is_empty() && !domain.contains('@') && (domain.contains('.') || domain == "localhost");
    let printable = email.chars().all(|c| !c.is_whitespace() && !c.is_control());
    (sound && printable && email.len() <= 254).then_some(email)
}

/// Shortest password that is accepted, in characters; longest in bytes, checked before hashing.
pub const PASSWORD: std::ops::RangeInclusive<usize> = 12..=1024;

/// Why a password is not accepted: the key of a sentence.
pub fn password_problem(password: &str, email: &str) -> Option<&'static str> {
    let name = email.split('@').next().unwrap_or_default();
    if password.chars().count() < *PASSWORD.start() {
        Some("password-short")
    } else if password.len() > *PASSWORD.end() {
        Some("password-long")
    } else if is_common(password) || (name.len() >= 4 && password.to_lowercase().contains(name)) {
        Some("password-common")
    } else {
        None
    }
}

/// Words and runs that everybody tries first.
fn is_common(password: &str) -> bool {
    let folded = password.to_lowercase();
    let one_letter = folded.chars().all(|c| folded.starts_with(c));
    let bare: String = folded.chars().filter(|c| c.is_alphabetic()).collect();
    let known = [
        "password",
        "motdepasse",
        "guichet",
        "qwertyuiop",
        "azertyuiop",
        "administrateur",
        "administrator",
        "letmein",
        "changeme",
        "bonjour",
    ];
    let run = "0123456789012345678901234567890";
    one_letter || known.contains(&bare.as_str()) || run.contains(&folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_changes_nothing() {
        let may: Vec<_> = Power::ALL.iter().filter(|p| Role::Viewer.may(**p)).collect();
        assert_eq!(may, [&Power::See]);
        assert!(Power::ALL.iter().all(|p| Role::Admin.may(*p)));
    }

    #[test]
    fn addresses_and_passwords() {
        assert_eq!(clean_email(" Sarah@Aubepine.example ").unwrap(), "sarah@aubepine.example");
        for bad in ["", "@", "a@", "@b.c", "a b@c.d", "a@b@c.d", "plain"] {
            assert!(clean_email(bad).is_none(), "{bad}");
        }
        assert_eq!(password_problem("court", "a@b.c"), Some("password-short"));
        assert_eq!(password_problem("Motdepasse1234", "a@b.c"), Some("password-common"));
        assert_eq!(password_problem("sarah-sarah-sarah", "sarah@b.c"), Some("password-common"));
        assert_eq!(password_problem(&"x".repeat(12), "a@b.c"), Some("password-common"));
        assert_eq!(password_problem("trois petits chats", "a@b.c"), None);
    }
}
