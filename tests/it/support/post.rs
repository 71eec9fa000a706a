//! Real mail servers: a Postfix and a Dovecot of our own, on loopback ports of their choice, in a
//! folder of their own. Nothing can leave the machine through them. They are taken down with this.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// What one needs to know of them.
pub struct Post {
    dir: tempfile::TempDir,
    pub imap: u16,
    pub imaps: u16,
    /// Where other servers hand mails in, without a login.
    pub mx: u16,
    pub submission: u16,
    pub submissions: u16,
}

/// Everybody's password.
pub const PASSWORD: &str = "trois \"petits\" chats";

/// The mailboxes there are.
const BOXES: [&str; 5] =
    ["support@brand.test", "ventes@brand.test", "lea@people.test", "away@people.test", "paul@people.test"];

impl Drop for Post {
    fn drop(&mut self) {
        for pid in ["queue/pid/master.pid", "run/master.pid"] {
            let told = fs::read_to_string(self.dir.path().join(pid)).unwrap_or_default();
            if let Ok(pid) = told.trim().parse::<u32>() {
                let _ = root("kill").args(["-TERM", &pid.to_string()]).status();
                for _ in 0..500 {
                    if !Path::new(&format!("/proc/{pid}")).exists() {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
        }
        // What they wrote belongs to them.
        let _ = root("chown").args(["-R", &id("-un")]).arg(self.dir.path()).status();
    }
}

/// Mail servers change users, which only root may.
fn root(command: &str) -> Command {
    if id("-u") == "0" {
        return Command::new(command);
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", command]);
    sudo
}

fn id(what: &str) -> String {
    String::from_utf8(Command::new("id").arg(what).output().unwrap().stdout).unwrap().trim().to_owned()
}

/// As many free ports, no two the same.
fn ports<const N: usize>() -> [u16; N] {
    let held: Vec<TcpListener> = (0..N).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    std::array::from_fn(|n| held[n].local_addr().unwrap().port())
}

fn run(command: &mut Command) {
    let done = command.stdin(Stdio::null()).output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

impl Post {
    /// Starts them, and waits until each answers. A port that was taken meanwhile is another try.
    pub fn open() -> Post {
        for needed in ["/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/bin/openssl"] {
            assert!(
                Path::new(needed).exists(),
                "mail is proved against Postfix and Dovecot: run tests/run, or install postfix dovecot-imapd dovecot-lmtpd dovecot-sieve openssl"
            );
        }
        for _ in 0..5 {
            let [imap, imaps, lmtp, mx, submission, submissions] = ports();
            let post = Post { dir: tempfile::tempdir().unwrap(), imap, imaps, mx, submission, submissions };
            post.write(lmtp);
            let here = post.dir.path();
            // Daemons keep what they were given to write to: a file, not a pipe somebody would wait at.
            let told = here.join("told");
            let start = |mut command: Command| {
                let file = || fs::File::options().create(true).append(true).open(&told).unwrap();
                let _ = command.stdin(Stdio::null()).stdout(file()).stderr(file()).status();
            };
            let mut dovecot = root("/usr/sbin/dovecot");
            dovecot.arg("-c").arg(here.join("dovecot.conf"));
            start(dovecot);
            let mut postfix = root("/usr/sbin/postfix");
            postfix.arg("-c").arg(here.join("postfix")).arg("start");
            start(postfix);
            if [imap, imaps, lmtp, mx, submission, submissions].iter().all(|port| answers(*port)) {
                return post;
            }
            println!("once more: {}\n{}", fs::read_to_string(told).unwrap_or_default(), post.log());
        }
        panic!("the mail servers do not start");
    }

    /// The authority that signed their certificate.
    pub fn authority(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// What they say of themselves, for failures.
    pub fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.dir.path().join(name)).unwrap_or_default();
        format!("--- postfix\n{}--- dovecot\n{}", read("postfix.log"), read("dovecot.log"))
    }

    /// The mails in somebody's inbox, oldest first, as Dovecot keeps them.
    pub fn inbox(&self, address: &str) -> Vec<String> {
        let mut all: Vec<PathBuf> = ["new", "cur"]
            .iter()
            .filter_map(|part| fs::read_dir(self.dir.path().join("mail").join(address).join(part)).ok())
            .flatten()
            .map(|entry| entry.unwrap().path())
            .collect();
        all.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
        all.iter().filter_map(|path| Some(String::from_utf8_lossy(&fs::read(path).ok()?).into_owned())).collect()
    }

    /// Sends a mail with Python's SMTP client, as any program would.
    pub fn send(&self, from: &str, to: &str, mail: &str) {
        let script = "import smtplib, sys\nwith smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as s:\n    s.sendmail(sys.argv[2], [sys.argv[3]], sys.stdin.buffer.read())\n";
        let file = self.dir.path().join("outgoing.eml");
        fs::write(&file, mail.replace('\n', "\r\n")).unwrap();
        let mut python = Command::new("python3");
        python.args(["-c", script, &self.mx.to_string(), from, to]).stdin(fs::File::open(&file).unwrap());
        let done = python.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn write(&self, lmtp: u16) {
        let here = self.dir.path();
        let at = here.display();
        // Both servers look in as users of their own.
        run(Command::new("chmod").arg("755").arg(here));
        for folder in ["run", "mail", "home", "queue", "data", "postfix"] {
            fs::create_dir(here.join(folder)).unwrap();
        }
        self.certify();
        let users: Vec<String> = BOXES.iter().map(|a| format!("{a}:{{PLAIN}}{PASSWORD}\n")).collect();
        fs::write(here.join("users"), users.concat()).unwrap();
        let (imap, imaps, mx) = (self.imap, self.imaps, self.mx);
        let dovecot = format!(
            "base_dir = {at}/run\nstate_dir = {at}/run\nlog_path = {at}/dovecot.log\nprotocols = imap lmtp\nlisten = 127.0.0.1\n\
             ssl = yes\nssl_cert = <{at}/cert.pem\nssl_key = <{at}/key.pem\ndisable_plaintext_auth = yes\n\
             mail_location = maildir:{at}/mail/%u\nfirst_valid_uid = 1\npostmaster_address = postmaster@brand.test\nhostname = mail.test\n\
             submission_host = 127.0.0.1:{mx}\nrecipient_delimiter = +\n\
             passdb {{\n driver = passwd-file\n args = username_format=%u {at}/users\n}}\n\
             userdb {{\n driver = static\n args = uid=nobody gid=nogroup home={at}/home/%u\n}}\n\
             service imap-login {{\n inet_listener imap {{\n port = {imap}\n }}\n inet_listener imaps {{\n port = {imaps}\n ssl = yes\n }}\n}}\n\
             service lmtp {{\n inet_listener lmtp {{\n address = 127.0.0.1\n port = {lmtp}\n }}\n}}\n\
             service auth {{\n unix_listener {at}/auth-pf {{\n mode = 0666\n }}\n}}\n\
             plugin {{\n sieve = file:{at}/home/%u/sieve;active={at}/home/%u/.dovecot.sieve\n sieve_vacation_send_from_recipient = yes\n}}\n\
             protocol lmtp {{\n mail_plugins = $mail_plugins sieve\n}}\n"
        );
        fs::write(here.join("dovecot.conf"), dovecot).unwrap();
        // A real responder, by Sieve (RFC 5230).
        let away = here.join("home/away@people.test");
        fs::create_dir(&away).unwrap();
        let vacation = "require [\"vacation\"];\nvacation :days 1 :subject \"Je suis absente\" \"De retour lundi.\";\n";
        fs::write(away.join(".dovecot.sieve"), vacation).unwrap();
        // One is known to Postfix and not to Dovecot: what is for it comes back as a bounce.
        let boxes: Vec<String> = BOXES.iter().chain(&["gone@people.test"]).map(|a| format!("{{{a} = 1}} ")).collect();
        let boxes = boxes.concat();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {at}/queue\ndata_directory = {at}/data\ncommand_directory = /usr/sbin\n\
             daemon_directory = /usr/lib/postfix/sbin\nmaillog_file = {at}/postfix.log\nmaillog_file_prefixes = /var, /dev/stdout, {at}\n\
             mail_owner = postfix\nsetgid_group = postdrop\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmyhostname = mail.test\nmyorigin = mail.test\n\
             mydestination =\nlocal_recipient_maps =\nalias_maps =\nalias_database =\nmynetworks = 127.0.0.0/8\nbiff = no\n\
             virtual_mailbox_domains = brand.test, people.test\nvirtual_mailbox_maps = inline:{{ {boxes}}}\nrecipient_delimiter = +\n\
             virtual_transport = lmtp:inet:127.0.0.1:{lmtp}\nlmtp_destination_recipient_limit = 1\n\
             default_transport = error:5.1.2 no outside mail here\nrelay_transport = error:5.1.2 no outside mail here\n\
             smtpd_sasl_type = dovecot\nsmtpd_sasl_path = {at}/auth-pf\nsmtpd_tls_cert_file = {at}/cert.pem\nsmtpd_tls_key_file = {at}/key.pem\n\
             smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject\nsmtpd_peername_lookup = no\nmessage_size_limit = 100000\n"
        );
        fs::write(here.join("postfix/main.cf"), main).unwrap();
        let asks = "-o smtpd_sasl_auth_enable=yes -o smtpd_relay_restrictions=permit_sasl_authenticated,reject -o smtpd_client_restrictions=permit_sasl_authenticated,reject";
        let master = format!(
            "127.0.0.1:{mx} inet n - n - - smtpd\n\
             127.0.0.1:{} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt {asks}\n\
             127.0.0.1:{} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes {asks}\n\
             pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\ntlsmgr unix - - n 1000? 1 tlsmgr\n\
             rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\n\
             verify unix - - n - 1 verify\nflush unix n - n 1000? 0 flush\nproxymap unix - - n - - proxymap\nproxywrite unix - - n - 1 proxymap\n\
             smtp unix - - n - - smtp\nrelay unix - - n - - smtp\nshowq unix n - n - - showq\nerror unix - - n - - error\nretry unix - - n - - error\n\
             discard unix - - n - - discard\nlocal unix - n n - - local\nvirtual unix - n n - - virtual\nlmtp unix - - n - - lmtp\n\
             anvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\npostlog unix-dgram n - n - 1 postlogd\n",
            self.submission, self.submissions
        );
        fs::write(here.join("postfix/master.cf"), master).unwrap();
        run(root("chown").args(["-R", "nobody:nogroup"]).arg(here.join("mail")).arg(here.join("home")));
        run(root("chown")
            .arg("-R")
            .arg("root:root")
            .arg(here.join("queue"))
            .arg(here.join("postfix"))
            .arg(here.join("run")));
        run(root("chown").arg("postfix").arg(here.join("data")));
    }

    /// An authority, and a certificate of its for this machine.
    fn certify(&self) {
        let here = self.dir.path();
        let ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        let openssl = || {
            let mut command = Command::new("openssl");
            command.current_dir(here);
            command
        };
        run(openssl().args(["req", "-x509"]).args(ec).args([
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-subj",
            "/CN=Test authority",
            "-days",
            "3650",
        ]));
        run(openssl().arg("req").args(ec).args(["-keyout", "key.pem", "-out", "cert.csr", "-subj", "/CN=localhost"]));
        fs::write(here.join("ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n").unwrap();
        run(openssl()
            .args(["x509", "-req", "-in", "cert.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"])
            .args(["-out", "cert.pem", "-days", "3650", "-extfile", "ext"]));
    }
}

/// True once somebody answers there, within some seconds.
fn answers(port: u16) -> bool {
    (0..300).any(|_| {
        #[expect(clippy::disallowed_methods, reason = "a knock at our own door, to hear whether it is open")]
        let open = std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        if !open {
            std::thread::sleep(Duration::from_millis(30));
        }
        open
    })
}
