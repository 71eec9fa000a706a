//! How a use case ends when it does not succeed: refused for a reason people can act upon, or
//! failed for one of ours.

use crate::desk::canned::{Note, Problem};
use crate::desk::ticket::StateRefused;
use crate::store;

/// The flow's result.
pub type Result<T> = std::result::Result<T, Error>;

crate::words! {
    /// Why something was refused; each has a sentence under `refused-…` in the interface's words.
    pub enum Reason {
        /// This role may not do that.
        NotAllowed = "not-allowed",
        /// There is nothing to send.
        EmptyText = "empty-text",
        /// No file was chosen.
        NoFile = "no-file",
        /// No file goes along this way.
        FilesNotTaken = "files-not-taken",
        /// More files than go with one message.
        TooManyFiles = "too-many-files",
        /// A file is longer than is taken.
        FileTooBig = "file-too-big",
        /// Files are together longer than is taken.
        FilesTooBig = "files-too-big",
        /// The network does not take this sort of file.
        FileSort = "file-sort",
        /// The network takes no words beside this file.
        FileWithoutWords = "file-without-words",
        /// The words are longer than may stand beside a file.
        TooLongBesideFile = "too-long-beside-file",
        /// A file that was to go along was let go meanwhile.
        FileGone = "file-gone",
        /// A file was chosen and not attached.
        FileNotAttached = "file-not-attached",
        /// A placeholder stands in the text that nobody has filled in.
        NotFilled = "not-filled",
        /// An entry of the library cannot be used as it is.
        UnfitReply = "unfit-reply",
        /// The bot cannot answer with this entry: no examples, or no text for that audience.
        CannotAnswer = "cannot-answer",
        /// Something is missing before it can be published.
        NotReady = "not-ready",
        /// What was judged does not carry automatic answers yet.
        NotEnoughEvidence = "not-enough-evidence",
        /// The brand has no outside model, or it may do nothing.
        NoAssist = "no-assist",
        /// The outside model could not be asked.
        AssistFailed = "assist-failed",
        /// What the outside model said is not let in.
        AssistUnfit = "assist-unfit",
        /// A file of thresholds cannot be taken over as it is.
        UnfitLock = "unfit-lock",
        /// Somebody else has changed it since one began.
        ChangedMeanwhile = "changed-meanwhile",
        /// The text is longer than the network takes.
        TooLong = "too-long",
        /// The time to answer in private is over.
        WindowClosed = "window-closed",
        /// The network takes no more until the person answers.
        EnoughSaid = "enough-said",
        /// The network has no such act.
        NotOnThisNetwork = "not-on-this-network",
        /// A private reply was already sent to this comment.
        AlreadyRepliedPrivately = "already-replied-privately",
        /// Somebody else answered after the writer last looked.
        AnsweredMeanwhile = "answered-meanwhile",
        /// The network lets us read this, not answer it.
        NotReplyable = "not-replyable",
        /// There is no message to answer.
        NothingToAnswer = "nothing-to-answer",
        /// The same key was used for another text.
        KeyReused = "key-reused",
        /// What everybody would read holds somebody's personal data.
        PersonalData = "personal-data",
        /// It was undone already.
        AlreadyUndone = "already-undone",
        /// Somebody has changed it since.
        ChangedSince = "changed-since",
        /// It has left already.
        AlreadySent = "already-sent",
        /// A ticket cannot become new again.
        BackToNew = "back-to-new",
        /// Putting aside needs a moment in the future.
        SnoozeNeedsFuture = "snooze-needs-future",
        /// The ticket was merged into another.
        MergedAway = "merged-away",
        /// One cannot merge these two.
        CannotMerge = "cannot-merge",
        /// There is no such team at this brand.
        UnknownTeam = "unknown-team",
        /// There is no such colleague at this brand.
        UnknownAgent = "unknown-agent",
        /// An escalation needs a reason.
        NeedsReason = "needs-reason",
        /// A network of this name is not known.
        UnknownNetwork = "unknown-network",
        /// A setting the network needs is missing.
        MissingSetting = "missing-setting",
        /// The network does not know this setting.
        UnknownSetting = "unknown-setting",
        /// A login at a network's page took too long, was used, or was begun elsewhere.
        LoginOver = "login-over",
        /// Whoever was asked at the network's page said no.
        LoginDenied = "login-denied",
        /// The network does not take the code it gave.
        LoginRefused = "login-refused",
        /// Whoever logged in speaks for no account there.
        LoginNobody = "login-nobody",
        /// They logged in as another account than the channel's.
        OtherAccount = "other-account",
        /// This account is connected already.
        AlreadyConnected = "already-connected",
        /// The address is no address.
        BadEmail = "bad-email",
        /// This person also works where one does not manage.
        BelongsElsewhere = "belongs-elsewhere",
        /// Somebody has this address already.
        EmailTaken = "email-taken",
        /// A short name of letters, digits and hyphens is needed.
        BadSlug = "bad-slug",
        /// A brand has this short name already.
        SlugTaken = "slug-taken",
        /// This time zone is not known.
        BadTimezone = "bad-timezone",
        /// A language we do not speak.
        BadLanguage = "bad-language",
        /// A name is needed.
        NeedsName = "needs-name",
        /// The link has been used or is too old.
        LinkOver = "link-over",
        /// Address or password are not right.
        WrongLogin = "wrong-login",
        /// Too many tries; wait.
        TooManyTries = "too-many-tries",
        /// The password has fewer than 12 characters.
        PasswordShort = "password-short",
        /// The password is longer than 1,024 bytes.
        PasswordLong = "password-long",
        /// The password is one everybody tries first.
        PasswordCommon = "password-common",
        /// Nobody would be left who can let others in.
        LastAdmin = "last-admin",
        /// It is set up already.
        AlreadySetUp = "already-set-up",
    }
}

/// Why a use case did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Refused, with what the sentence speaks of (a length, a name).
    #[error("{}", sentence(*.0, .1.as_deref()))]
    Refused(Reason, Option<String>),
    /// A file of the library cannot be used as it is: refused as [`Reason::UnfitReply`], with what is
    /// wrong.
    #[error("{}", sentence(Reason::UnfitReply, Some(&.0.to_string())))]
    Unfit(Box<Problem>),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A secret that does not open, a key that is missing.
    #[error(transparent)]
    House(#[from] anyhow::Error),
}

/// The refusal in English, for logs and the command line; pages have their own sentences.
fn sentence(reason: Reason, about: Option<&str>) -> String {
    let args: Vec<crate::base::locale::Arg<'_>> = vec![("about", about.unwrap_or_default().into())];
    crate::base::locale::t(crate::base::Lang::En, &reason.key(), &args)
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Error {
        Error::Unfit(Box::new(problem))
    }
}

impl From<Note> for Error {
    fn from(Note { file, line, what, .. }: Note) -> Error {
        Problem { file, line, what }.into()
    }
}

/// The first of them.
impl From<Vec<Problem>> for Error {
    fn from(problems: Vec<Problem>) -> Error {
        problems.into_iter().next().map_or_else(|| Reason::UnfitReply.into(), Error::from)
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Error {
        Error::Refused(reason, None)
    }
}

impl From<StateRefused> for Error {
    fn from(refused: StateRefused) -> Error {
        Error::from(match refused {
            StateRefused::BackToNew => Reason::BackToNew,
            StateRefused::SnoozeNeedsFuture => Reason::SnoozeNeedsFuture,
            StateRefused::Merged => Reason::MergedAway,
        })
    }
}

impl Reason {
    /// The refusal with what it speaks of.
    pub fn about(self, what: impl Into<String>) -> Error {
        Error::Refused(self, Some(what.into()))
    }

    /// The key of its sentence.
    pub fn key(self) -> String {
        format!("refused-{}", self.as_str())
    }
}
