//! The people at the other end, and what their servers say in their place.

use super::{Email, Manner, Taken, header};

impl Email {
    /// A mail was handed in: it is written down, and whoever it is for takes it in their manner.
    pub(super) fn take(&self, taken: Taken) {
        let manner = {
            let mut world = self.world();
            if let Some(mailbox) = world.mailboxes.get_mut(&taken.from)
                && let Some(sent) = &mut mailbox.sent
            {
                let n = u32::try_from(sent.len()).unwrap_or(0) + 1;
                sent.push((n, taken.raw.clone()));
            }
            world.ledger.push(taken.clone());
            world.people.get(&taken.to).copied()
        };
        match manner {
            Some(Manner::Away) => self.away(&taken),
            Some(Manner::Unknown) => self.bounce(&taken),
            None if self.world().mailboxes.contains_key(&taken.to) => self.deliver(&taken.to, taken.raw),
            None => {}
        }
    }

    /// What Pigeonhole's `vacation` sends (RFC 5230): never in answer to a machine (RFC 3834, 2).
    fn away(&self, taken: &Taken) {
        if header(&taken.raw, "auto-submitted").is_some_and(|v| v != "no") {
            return;
        }
        let about = header(&taken.raw, "message-id").unwrap_or_default();
        let subject = header(&taken.raw, "subject").unwrap_or_default();
        let id = format!("<away.{}@{}>", self.serial(), taken.to.rsplit_once('@').map_or("", |(_, d)| d));
        let raw = format!(
            "Return-Path: <>\r\nFrom: <{}>\r\nTo: <{}>\r\nSubject: Auto: {subject}\r\nDate: {}\r\nMessage-ID: {id}\r\nIn-Reply-To: {about}\r\nReferences: {about}\r\nAuto-Submitted: auto-replied (vacation)\r\nPrecedence: bulk\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nI am away until Monday.\r\n",
            taken.to,
            taken.from,
            self.date()
        );
        self.deliver(&taken.from, raw.into_bytes());
    }

    /// What Postfix sends back (RFC 3464).
    fn bounce(&self, taken: &Taken) {
        let id = format!("<bounce.{}@mail.example>", self.serial());
        let top: Vec<u8> = taken
            .raw
            .split(|b| *b == b'\n')
            .take_while(|l| !l.is_empty() && *l != b"\r")
            .flat_map(|l| [l, b"\n"].concat())
            .collect();
        let raw = format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.example (Mail Delivery System)\r\nTo: <{}>\r\nSubject: Undelivered Mail Returned to Sender\r\nDate: {}\r\nMessage-ID: {id}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b0\"\r\n\r\n--b0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThis is the mail system at host mail.example.\r\n\r\n<{}>: user unknown\r\n\r\n--b0\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\nFinal-Recipient: rfc822; {}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <{}>: Recipient address rejected: User unknown\r\n\r\n--b0\r\nContent-Type: text/rfc822-headers\r\n\r\n{}\r\n--b0--\r\n",
            taken.from,
            self.date(),
            taken.to,
            taken.to,
            taken.to,
            String::from_utf8_lossy(&top)
        );
        self.deliver(&taken.from, raw.into_bytes());
    }
}
