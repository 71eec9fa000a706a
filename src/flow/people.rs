//! People coming in: passwords, sessions, invitations, keys for programs.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use super::{House, Reason, Result};
use crate::base::id::{AgentId, AnyId, BrandId, TokenId};
use crate::base::sign::sha256;
use crate::base::{At, Lang};
use crate::desk::agent::{Agent, Power, Role, clean_email, password_problem};
use crate::desk::event::{Actor, Event, EventKind};
use crate::desk::scope::Scope;
use crate::store::sessions::{self, Invitation, Session};
use crate::store::tokens::{self, Token};
use crate::store::{self, Tx, agents, brands, teams};

const HOUR: Duration = Duration::from_hours(1);
/// A session unused for this long ends.
pub const IDLE: Duration = Duration::from_hours(12);
/// A session ends after this long in any case.
pub const LONGEST: Duration = Duration::from_hours(168);
/// An invitation can be used for this long.
const INVITED: Duration = Duration::from_hours(168);

fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("these are within argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password (argon2id, 19 MiB, 2 passes); some tens of milliseconds on a thread of its own.
///
/// # Errors
/// [`Reason`] when the password is not accepted.
pub async fn hash_password(password: String, email: &str) -> Result<String> {
    match password_problem(&password, email) {
        Some("password-short") => return Err(Reason::PasswordShort.into()),
        Some("password-long") => return Err(Reason::PasswordLong.into()),
        Some(_) => return Err(Reason::PasswordCommon.into()),
        None => {}
    }
    let hashed = tokio::task::spawn_blocking(move || argon().hash_password(password.as_bytes()).map(|h| h.to_string()));
    hashed.await.map_err(anyhow::Error::from)?.map_err(|e| anyhow::anyhow!("hashing failed: {e}").into())
}

async fn matches(password: String, hash: String) -> bool {
    let check = move || {
        PasswordHash::new(&hash).is_ok_and(|parsed| argon().verify_password(password.as_bytes(), &parsed).is_ok())
    };
    tokio::task::spawn_blocking(check).await.unwrap_or(false)
}

/// A hash nobody's password has, so that an unknown address takes as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXRoaW5nIGxvbmc$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A token people hold: 256 bits in hexadecimal; only its hash is stored.
fn token(house: &House) -> String {
    hex::encode(house.given.bytes::<32>())
}

/// Signs in with address and password; the session's token.
///
/// # Errors
/// [`Reason::WrongLogin`], the same for an unknown address and a wrong password;
/// [`Reason::TooManyTries`] after 5 tries in a quarter of an hour for one address and place, or
/// 100 an hour from one place.
pub async fn sign_in(house: &House, email: &str, password: String, from: &str, user_agent: &str) -> Result<String> {
    let now = house.now();
    let email = clean_email(email).unwrap_or_default();
    let (here, place) = (format!("login:{email}:{from}"), format!("login:{from}"));
    let mut tx = house.db.write().await?;
    let tried = sessions::attempts(&mut tx, &here, now.minus(Duration::from_mins(15))).await?;
    if tried >= 5 || sessions::attempts(&mut tx, &place, now.minus(HOUR)).await? >= 100 {
        return Err(Reason::TooManyTries.into());
    }
    // Counted before the password is looked at, so that many at once do not slip through.
    let tries: [AnyId; 2] = [house.given.id(), house.given.id()];
    for (id, key) in tries.iter().zip([&here, &place]) {
        sessions::attempted(&mut tx, *id, key, now, now.minus(HOUR)).await?;
    }
    tx.commit().await?;
    let mut tx = house.db.read().await?;
    let login = agents::by_email(&mut tx, &email).await?;
    drop(tx);
    let hash = login.as_ref().and_then(|l| l.password_hash.clone()).unwrap_or_else(|| NOBODY.to_owned());
    let right = password.len() <= 1_024 && matches(password, hash).await;
    let Some(agent) = login.filter(|l| right && l.agent.disabled_at.is_none() && l.password_hash.is_some()) else {
        return Err(Reason::WrongLogin.into());
    };
    let mut tx = house.db.write().await?;
    for id in tries {
        sessions::forgive(&mut tx, id).await?;
    }
    let token = begin_session(house, &mut tx, &agent.agent, user_agent).await?;
    tx.commit().await?;
    Ok(token)
}

/// Begins a session for somebody who has shown who they are.
///
/// # Errors
/// As the database reports.
pub async fn begin_session(house: &House, tx: &mut Tx, agent: &Agent, user_agent: &str) -> Result<String> {
    let now = house.now();
    let token = token(house);
    let brand_id = agents::scope(tx, agent.id).await?.brands().next();
    let session = Session {
        agent_id: agent.id,
        brand_id,
        auth_epoch: agent.auth_epoch,
        created_at: now,
        seen_at: now,
        expires_at: now.plus(LONGEST),
    };
    sessions::begin(tx, &sha256(token.as_bytes()), &session, &user_agent.chars().take(200).collect::<String>()).await?;
    sessions::tidy(tx, agent.id, now, 10).await?;
    Ok(token)
}

/// Ends a session.
///
/// # Errors
/// As the database reports.
pub async fn sign_out(house: &House, token: &str) -> Result<()> {
    let mut tx = house.db.write().await?;
    sessions::end(&mut tx, &sha256(token.as_bytes())).await?;
    Ok(tx.commit().await?)
}

/// Whoever shows a session or key: the person, and what they may see now.
#[derive(Debug, Clone)]
pub struct Known {
    /// The person.
    pub agent: Agent,
    /// What they may see.
    pub scope: Scope,
    /// The brand last looked at.
    pub brand: Option<BrandId>,
    /// When the session was last noted as used.
    pub seen_at: At,
}

/// The person behind a session's token, judged afresh at every request.
///
/// # Errors
/// As the database reports; none when the session is over, in whatever way.
pub async fn by_session(tx: &mut Tx, token: &str, now: At) -> Result<Option<Known>> {
    let Some(session) = sessions::get(tx, &sha256(token.as_bytes())).await? else { return Ok(None) };
    let idle = now.since(session.seen_at) > IDLE;
    if idle || now >= session.expires_at {
        return Ok(None);
    }
    let agent = agents::me(tx, session.agent_id).await?;
    if agent.disabled_at.is_some() || agent.auth_epoch != session.auth_epoch {
        return Ok(None);
    }
    let scope = agents::scope(tx, agent.id).await?;
    Ok(Some(Known { agent, brand: session.brand_id.filter(|b| scope.admits(*b)), scope, seen_at: session.seen_at }))
}

/// The person behind a program's key, and what the key may do.
///
/// # Errors
/// As the database reports; none when the key is over, in whatever way.
pub async fn by_token(tx: &mut Tx, token: &str, now: At) -> Result<Option<(Known, Token)>> {
    let Some(key) = tokens::get(tx, &sha256(token.as_bytes())).await? else { return Ok(None) };
    if key.revoked_at.is_some() || key.expires_at.is_some_and(|e| now >= e) {
        return Ok(None);
    }
    let agent = agents::me(tx, key.agent_id).await?;
    if agent.disabled_at.is_some() || agent.auth_epoch != key.auth_epoch {
        return Ok(None);
    }
    let scope = agents::scope(tx, agent.id).await?;
    let brand = scope.brands().next();
    Ok(Some((Known { agent, scope, brand, seen_at: now }, key)))
}

/// A new colleague.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// At which brand; none: at every brand, also those to come.
    pub brand: Option<BrandId>,
    /// A password, or they are invited.
    pub password: Option<String>,
    /// The interface's language.
    pub locale: Lang,
}

/// Who lets somebody in.
#[derive(Debug, Clone, Copy)]
pub enum Host<'a> {
    /// Whoever runs the machine.
    Operator,
    /// A colleague, as far as they manage.
    Colleague(&'a Scope),
}

impl Host<'_> {
    fn manages(self, brand: Option<BrandId>) -> bool {
        match self {
            Host::Operator => true,
            Host::Colleague(scope) => brand.is_some_and(|b| scope.may(b, Power::Manage)),
        }
    }

    /// True when every brand of somebody is theirs to manage: only then may they hand out a link
    /// that lets in as this person, or shut them out.
    async fn manages_all_of(self, tx: &mut Tx, agent: AgentId) -> Result<bool> {
        let theirs = agents::scope(tx, agent).await?;
        Ok(theirs.brands().all(|b| self.manages(Some(b))))
    }
}

/// Adds a colleague; the invitation's token when they have no password yet. Somebody whose account
/// is there already, for another brand, gets the role at this one and signs in as before.
///
/// # Errors
/// [`Reason`]: not allowed, bad address, no name, address taken, password not accepted.
pub async fn add(house: &House, host: Host<'_>, new: NewAgent) -> Result<(AgentId, Option<String>)> {
    if !host.manages(new.brand) {
        return Err(Reason::NotAllowed.into());
    }
    let email = clean_email(&new.email).ok_or(Reason::BadEmail)?;
    let name = crate::base::text::clean_name(&new.name);
    if name.is_empty() {
        return Err(Reason::NeedsName.into());
    }
    let hash = match new.password {
        Some(password) => Some(hash_password(password, &email).await?),
        None => None,
    };
    let now = house.now();
    let mut tx = house.db.write().await?;
    let agent = match (agents::by_email(&mut tx, &email).await?, new.brand) {
        (Some(login), Some(brand)) if hash.is_none() => {
            if agents::scope(&mut tx, login.agent.id).await?.admits(brand) {
                return Err(Reason::EmailTaken.about(email));
            }
            login.agent
        }
        (Some(_), _) => return Err(Reason::EmailTaken.about(email)),
        (None, brand) => {
            let agent = Agent {
                id: house.given.id(),
                email,
                name,
                locale: new.locale,
                theme: "auto".into(),
                density: "comfortable".into(),
                keys: true,
                auth_epoch: 1,
                disabled_at: None,
                everywhere: if brand.is_none() { Some(new.role) } else { None },
            };
            agents::add(&mut tx, &agent, hash.as_deref(), now).await?;
            agent
        }
    };
    let at: Vec<BrandId> = match new.brand {
        Some(brand) => vec![brand],
        None => brands::all(&mut tx).await?.into_iter().map(|b| b.id).collect(),
    };
    for brand in at {
        agents::grant(&mut tx, agent.id, brand, new.role).await?;
        seat(&mut tx, brand, agent.id, new.role).await?;
        let told = Event::at(brand, EventKind::AgentChanged, Actor::House);
        tx.emit(now, told.data(serde_json::json!({"agent": agent.id, "role": new.role})));
    }
    let ready = hash.is_some() || agents::has_password(&mut tx, agent.id).await?;
    let invitation = if ready || !host.manages_all_of(&mut tx, agent.id).await? {
        None
    } else {
        Some(invite(house, &mut tx, Some(agent.id), "invite", INVITED).await?)
    };
    tx.commit().await?;
    Ok((agent.id, invitation))
}

/// A new link for somebody who lost theirs, or their password; its token. Used, it sets a new
/// password and ends every session they had.
///
/// # Errors
/// [`Reason::NotAllowed`], [`Reason::BelongsElsewhere`].
pub async fn let_in_again(house: &House, scope: &Scope, brand: BrandId, agent: AgentId) -> Result<String> {
    manages(scope, brand)?;
    let mut tx = house.db.write().await?;
    let colleague = agents::colleague(&mut tx, brand, agent).await?;
    if !Host::Colleague(scope).manages_all_of(&mut tx, colleague.id).await? {
        return Err(Reason::BelongsElsewhere.into());
    }
    let link = invite(house, &mut tx, Some(agent), "invite", INVITED).await?;
    told(&mut tx, scope, brand, agent, house.now());
    tx.commit().await?;
    Ok(link)
}

/// Seats somebody in the team their role belongs to.
async fn seat(tx: &mut Tx, brand: BrandId, agent: AgentId, role: Role) -> Result<()> {
    let slug = match role {
        Role::Agent => "support",
        Role::Sales => "sales",
        Role::Community => "community",
        Role::Viewer | Role::Lead | Role::Admin => return Ok(()),
    };
    let team = teams::by_slug(tx, brand, slug).await?;
    Ok(teams::join(tx, brand, team.id, agent).await?)
}

/// Makes a link that lets somebody in; its token.
///
/// # Errors
/// As the database reports.
pub async fn invite(house: &House, tx: &mut Tx, agent: Option<AgentId>, kind: &str, lasts: Duration) -> Result<String> {
    let (token, now) = (token(house), house.now());
    let invitation = Invitation { agent_id: agent, kind: kind.to_owned(), expires_at: now.plus(lasts), used_at: None };
    sessions::invite(tx, &sha256(token.as_bytes()), &invitation, now).await?;
    Ok(token)
}

/// The open link of a token: whom it lets in.
///
/// # Errors
/// [`Reason::LinkOver`] when it was used, is too old, or never was.
pub async fn invited(tx: &mut Tx, token: &str, now: At) -> Result<Invitation> {
    let found = sessions::invitation(tx, &sha256(token.as_bytes())).await?;
    let open = found.filter(|i| now < i.expires_at && (i.used_at.is_none() || i.kind == "demo"));
    open.ok_or_else(|| Reason::LinkOver.into())
}

/// An invited colleague sets a password and is signed in; the session's token.
///
/// # Errors
/// [`Reason::LinkOver`], or the password is not accepted.
pub async fn accept(house: &House, link: &str, password: String, user_agent: &str) -> Result<String> {
    let now = house.now();
    let mut tx = house.db.read().await?;
    let agent = invited(&mut tx, link, now).await?.agent_id.ok_or(Reason::LinkOver)?;
    let agent = agents::me(&mut tx, agent).await?;
    drop(tx);
    let hash = hash_password(password, &agent.email).await?;
    let mut tx = house.db.write().await?;
    if !sessions::use_invitation(&mut tx, &sha256(link.as_bytes()), now).await? {
        return Err(Reason::LinkOver.into());
    }
    agents::set_password(&mut tx, agent.id, &hash).await?;
    let agent = agents::me(&mut tx, agent.id).await?;
    let token = begin_session(house, &mut tx, &agent, user_agent).await?;
    tx.commit().await?;
    Ok(token)
}

/// Makes a key for a program acting in somebody's name; shown once.
///
/// # Errors
/// [`Reason::UnknownAgent`], or a scope that is no `read`, `write` or `admin`.
pub async fn create_token(
    house: &House,
    email: &str,
    scopes: &[String],
    lasts: Option<Duration>,
) -> Result<(TokenId, String)> {
    let allowed = ["read", "write", "admin"];
    if let Some(bad) = scopes.iter().find(|s| !allowed.contains(&s.as_str())) {
        return Err(anyhow::anyhow!("“{bad}” is no scope: use read, write, admin").into());
    }
    let now = house.now();
    let mut tx = house.db.write().await?;
    let email = clean_email(email).ok_or(Reason::BadEmail)?;
    let login = agents::by_email(&mut tx, &email).await?.ok_or_else(|| Reason::UnknownAgent.about(email))?;
    let secret = format!("guichet_{}", token(house));
    let row = Token {
        id: house.given.id(),
        agent_id: login.agent.id,
        scopes: scopes.join(","),
        auth_epoch: login.agent.auth_epoch,
        expires_at: lasts.map(|d| now.plus(d)),
        used_at: None,
        revoked_at: None,
    };
    tokens::add(&mut tx, &row, &sha256(secret.as_bytes()), now).await?;
    tx.commit().await?;
    Ok((row.id, secret))
}

/// Every key that is still good, with its person's address, the newest first.
///
/// # Errors
/// As the database reports.
pub async fn keys(house: &House) -> Result<Vec<tokens::Held>> {
    Ok(tokens::held(&mut house.db.read().await?, house.now()).await?)
}

/// Withdraws a key: the next request with it is refused.
///
/// # Errors
/// [`store::Error::NotFound`] when there is no such key, or it is withdrawn already.
pub async fn withdraw_key(house: &House, id: TokenId) -> Result<()> {
    let mut tx = house.db.write().await?;
    if !tokens::revoke(&mut tx, id, house.now()).await? {
        return Err(store::Error::NotFound.into());
    }
    Ok(tx.commit().await?)
}

/// Notes, once an hour at most, that a key is in use.
///
/// # Errors
/// As the database reports.
pub async fn note_use(house: &House, key: &Token) -> Result<()> {
    let now = house.now();
    if key.used_at.is_some_and(|at| now < at.plus(HOUR)) {
        return Ok(());
    }
    let mut tx = house.db.write().await?;
    tokens::used(&mut tx, key.agent_id, key.id, now).await?;
    Ok(tx.commit().await?)
}

/// Changes a colleague's role at a brand, or takes it away.
///
/// # Errors
/// [`Reason::NotAllowed`], [`Reason::LastAdmin`].
pub async fn set_role(house: &House, scope: &Scope, brand: BrandId, agent: AgentId, role: Option<Role>) -> Result<()> {
    manages(scope, brand)?;
    let mut tx = house.db.write().await?;
    let before = agents::colleague(&mut tx, brand, agent).await?;
    if before.role == Role::Admin && role != Some(Role::Admin) {
        keep_an_admin(&mut tx, brand, agent).await?;
    }
    match role {
        Some(role) => {
            agents::grant(&mut tx, agent, brand, role).await?;
            seat(&mut tx, brand, agent, role).await?;
        }
        None => agents::revoke(&mut tx, agent, brand).await?,
    }
    agents::bump_epoch(&mut tx, agent).await?;
    told(&mut tx, scope, brand, agent, house.now());
    Ok(tx.commit().await?)
}

/// Shuts a colleague out of everything, or lets them in again.
///
/// # Errors
/// [`Reason::NotAllowed`], [`Reason::LastAdmin`], [`Reason::BelongsElsewhere`].
pub async fn set_disabled(house: &House, scope: &Scope, brand: BrandId, agent: AgentId, disabled: bool) -> Result<()> {
    manages(scope, brand)?;
    let now = house.now();
    let mut tx = house.db.write().await?;
    let before = agents::colleague(&mut tx, brand, agent).await?;
    if !Host::Colleague(scope).manages_all_of(&mut tx, agent).await? {
        return Err(Reason::BelongsElsewhere.into());
    }
    if disabled && before.role == Role::Admin {
        keep_an_admin(&mut tx, brand, agent).await?;
    }
    agents::disable(&mut tx, agent, disabled.then_some(now)).await?;
    told(&mut tx, scope, brand, agent, now);
    Ok(tx.commit().await?)
}

fn manages(scope: &Scope, brand: BrandId) -> Result<()> {
    if scope.may(brand, Power::Manage) { Ok(()) } else { Err(Reason::NotAllowed.into()) }
}

fn told(tx: &mut Tx, scope: &Scope, brand: BrandId, agent: AgentId, now: At) {
    let actor = scope.who().map_or(Actor::House, Actor::Agent);
    tx.emit(now, Event::at(brand, EventKind::AgentChanged, actor).data(serde_json::json!({"agent": agent})));
}

async fn keep_an_admin(tx: &mut Tx, brand: BrandId, leaving: AgentId) -> Result<()> {
    let others = agents::colleagues(tx, brand).await?;
    let left = others.iter().any(|c| c.id != leaving && c.role == Role::Admin && c.disabled_at.is_none());
    if left { Ok(()) } else { Err(Reason::LastAdmin.into()) }
}

/// Changes how the interface looks to a person.
///
/// # Errors
/// As the database reports.
pub async fn prefer(house: &House, agent: &Agent) -> Result<()> {
    let mut tx = house.db.write().await?;
    agents::prefer(&mut tx, agent).await?;
    Ok(tx.commit().await?)
}

/// Notes that a session was used, at most once a minute, and for which brand.
///
/// # Errors
/// As the database reports.
pub async fn seen(house: &House, token: &str, brand: Option<BrandId>) -> std::result::Result<(), store::Error> {
    let mut tx = house.db.write().await?;
    sessions::seen(&mut tx, &sha256(token.as_bytes()), brand, house.now()).await?;
    tx.commit().await
}
